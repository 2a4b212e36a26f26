package control

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"net"
	"time"

	"rapport/internal/platform/fault"
)

// patience is how long Run waits for a server that is starting or stopping, or
// for another command that has the folder.
const patience = 15 * time.Second

// Run runs a command of the data folder dir: in the server that holds the
// folder, or in this process, which then holds it meanwhile. The code is the
// command's own; an error says that it did not run or did not end.
func Run(ctx context.Context, dir string, commands Commands, name string, call *Call) (code int, err error) {
	const op = "control.Run"
	call = call.complete()
	limit := time.NewTimer(patience)
	defer limit.Stop()
	again := time.NewTicker(50 * time.Millisecond)
	defer again.Stop()
	for {
		conn, err := dial(context.WithoutCancel(ctx), dir)
		if err == nil {
			code, err := remote(ctx, conn, name, call)
			return code, fault.Wrap(op, err)
		}
		if !errors.Is(err, errNotRunning) {
			return codeFailed, fault.Wrap(op, err)
		}
		hold, err := Lock(dir, name)
		if err == nil {
			defer hold.Release()
			return commands.do(ctx, name, call), nil
		}
		if !fault.Is(err, fault.Conflict) {
			return codeFailed, fault.Wrap(op, err)
		}
		select {
		case <-again.C:
		case <-limit.C:
			return codeFailed, fault.Wrap(op, err)
		case <-ctx.Done():
			return codeFailed, fault.Wrap(op, err)
		}
	}
}

// Running reports whether a server answers on the data folder.
func Running(ctx context.Context, dir string) bool {
	conn, err := dial(ctx, dir)
	if err != nil {
		return !errors.Is(err, errNotRunning)
	}
	conn.Close()
	return true
}

// remote runs a command at the other end of conn.
func remote(ctx context.Context, conn net.Conn, name string, call *Call) (int, error) {
	const op = "control.remote"
	defer conn.Close()
	out := &frames{w: conn}
	payload, err := json.Marshal(request{name, call.Args})
	if err == nil && len(payload) > maxFrame {
		return codeFailed, fault.New(op, fault.TooLarge, "The command has too many arguments.")
	}
	if err == nil {
		err = out.send(frameCall, payload)
	}
	if err != nil {
		return codeFailed, broken(op, err)
	}
	stop := context.AfterFunc(ctx, func() { out.send(frameCancel, nil) })
	defer stop()
	for {
		kind, payload, err := receive(conn)
		if err != nil {
			return codeFailed, broken(op, err)
		}
		switch kind {
		case frameOut:
			_, err = call.Stdout.Write(payload)
		case frameErr:
			_, err = call.Stderr.Write(payload)
		case frameWant:
			go give(out, call.Stdin) // reading may take for ever; output goes on meanwhile
		case frameExit:
			if len(payload) != 1 {
				return codeFailed, broken(op, errors.New("no exit code"))
			}
			return int(payload[0]), nil
		}
		if err != nil {
			return codeFailed, fault.As(op, fault.Unavailable, "The result cannot be written.", err)
		}
	}
}

func broken(op string, err error) error {
	return fault.As(op, fault.Unavailable, "The server ended, or broke off, before the command was done.", err)
}

// give sends one chunk of the input. An input that ends and one that fails are
// told apart: half a file must not pass for a whole one.
func give(out *frames, in io.Reader) {
	buf := make([]byte, maxFrame)
	for {
		n, err := in.Read(buf)
		switch {
		case n > 0:
			out.send(frameIn, buf[:n])
		case err == io.EOF:
			out.send(frameIn, nil)
		case err != nil:
			out.send(frameBroken, []byte(err.Error()))
		default:
			continue // neither bytes nor an error
		}
		return
	}
}
