// Package config reads the settings: RAPPORT_ names from the environment, each
// also a flag, secrets also from a file (the name with _FILE). None is
// required.
//
// A flag wins over the environment, the environment over the default. Values
// are checked at the start and all mistakes are told at once; an unknown
// RAPPORT_ name is a warning with the name that was probably meant. The list
// of settings is settings.go and nowhere else.
package config
