// Package bench measures a running server: mail through its door, lists and
// conversations through its API, its start, its size and its live frames. It
// prints one table beside the figures of the closest peer and our aims.
//
// It is tests only: make bench runs TestBench, which skips unless BENCH_SIZE
// says how many conversations to generate. docs/performance.md holds what was
// measured.
package bench
