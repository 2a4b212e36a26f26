// Package outbound is the only way from Rapport to other machines: one guard,
// one dialler, one HTTP client.
//
// People and customers name the hosts we call: mail servers, webhooks, avatars,
// sites to import. The guard refuses addresses that are not of the public
// internet. It looks at the address of the very connection being made, after
// the name was resolved, so neither a redirect nor a name that changes its
// answer leads around it. An administrator lets networks through with
// RAPPORT_OUTBOUND_ALLOW.
//
// Connections to the product's own parts (database, NATS, S3) do not pass here:
// only the administrator names those.
package outbound
