// Package webui serves the agents' application and the chat widget from the
// binary.
//
// The build of web/ writes internal/webui/dist, which is embedded. Files with
// a hash in their name never change and are cached for ever; the page itself
// is asked for again each time. Any other address gets the page, since the
// application routes by itself. A binary built without the application says so.
//
// /sw.js is the service worker: it keeps the files of its build, so that the
// application opens without a network, and shows what is pushed. Browsers ask
// for it again each time, and a new one replaces the files as a whole.
// /manifest.webmanifest describes the application to who installs it.
//
// The build of widget/ writes internal/webui/dist-widget. Its files belong to
// the pages of other sites: /widget.js is asked for again after minutes, what
// has a hash in its name never changes, and a page that still knows an older
// panel gets the current one.
package webui
