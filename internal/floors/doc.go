// Package floors holds no code, only the test that keeps the house upright: which room may import which, who may touch
// the database, and which names no package or file may bear. DESIGN and ARCHITECTURE say why; this says no.
package floors
