// Command rapport is the whole product: see internal/app.
package main

func main() {}
