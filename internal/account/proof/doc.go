// Package proof holds what a person proves itself by, without a database:
// passwords and their hashes, codes of a second step, and the delays for those
// who guess.
package proof
