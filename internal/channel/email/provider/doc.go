// Package provider knows the mail providers people have their addresses at:
// their servers, what they take for a password and where it is made, and
// whether they sign mail themselves. Of an unknown provider it names the
// servers worth trying.
package provider
