// Package prove kills a running server again and again, under a mixed load of
// customers and agents, and compares what it had acknowledged with what is
// there: nothing acknowledged is lost, nothing is there twice, nothing is half
// done, and no message leaves under two names.
//
// It is tests only. go test runs a few rounds, make prove all of them.
package prove
