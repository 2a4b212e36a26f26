// Package view keeps the lists that people make for themselves and for each
// other.
//
// Nouns: View (a name, conditions, an order and what its rows show; shared, or
// of one agent). What belongs to it is found by conversation/listing, always
// within what the reader sees.
//
// Verbs: List, Find, Create, Change, Delete, Order, Count, Preview.
//
// Events: view.changed.
//
// Promises: a personal view is known to its owner alone; shared ones are changed
// by those who manage the workspace; a count is exact to 999 or says that there
// is more.
package view
