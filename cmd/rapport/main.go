// Command rapport is the whole product: one binary that serves a company's
// customer service, and the commands beside it. See internal/app.
package main

import (
	"os"

	"rapport/internal/app"
)

// version is set by the build.
var version = "dev"

func main() {
	os.Exit(app.Main(os.Args[1:], os.Environ(), version, os.Stdin, os.Stdout, os.Stderr))
}
