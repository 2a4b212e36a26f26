// Package webui serves the agents' application from the binary.
//
// The build of web/ writes internal/webui/dist, which is embedded. Files with
// a hash in their name never change and are cached for ever; the page itself
// is asked for again each time. Any other address gets the page, since the
// application routes by itself. A binary built without the application says so.
package webui
