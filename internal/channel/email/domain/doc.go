// Package domain says what the DNS of an inbox's domain tells others about its
// mail, SPF and DMARC, and which line to publish: the record that exists with
// what is missing added, never a second one beside it.
package domain
