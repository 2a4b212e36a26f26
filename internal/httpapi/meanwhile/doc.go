// Package meanwhile takes changes that were made on a screen some time ago:
// the network was away, or the answer was lost. Each is done once, and none is
// done over what somebody else has set since.
package meanwhile
