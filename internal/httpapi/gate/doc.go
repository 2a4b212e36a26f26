// Package gate is what every request passes through on its way to an
// operation: it gets an id and a line in the log, its sender is found out, a
// forgery and a flood are refused, its answer is measured and compressed. A
// refusal anywhere is a problem document, made here.
package gate
