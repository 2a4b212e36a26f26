// Package control lets a command do its work inside the server that holds a
// data folder, or by itself when none runs. The command does not know which.
//
// Lock gives one process the folder; the kernel takes it back when that process
// ends, however it ends. The holder listens on control.sock in the folder,
// which only its own user may open. Run asks there first and otherwise takes
// the folder itself for as long as the command runs.
//
// A remote command reads and writes the streams of the caller, chunk by chunk,
// so files named on a command line are opened by the caller and never by the
// server. When the caller goes away, the command's context ends.
package control
