package control

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"log/slog"
	"net"
	"os"
	"path/filepath"
	"sync"
	"time"

	"rapport/internal/platform/fault"
)

// Server takes calls on the socket of a held folder.
type Server struct {
	listener *net.UnixListener
	path     string
}

// Listen opens the folder's socket; from then on Run waits for Serve to answer.
// A stale socket is removed.
func (h *Hold) Listen() (*Server, error) {
	l, err := listen(h.dir)
	if err != nil {
		return nil, fault.As("control.Listen", fault.Unavailable, "The control socket cannot be opened in "+h.dir+".", err)
	}
	return &Server{l, filepath.Join(h.dir, socketName)}, nil
}

// Serve runs the commands that callers ask for until ctx ends, then ends those
// that are under way, waits for them and removes the socket. The hold is
// released after it.
func (s *Server) Serve(ctx context.Context, commands Commands) error {
	defer os.Remove(s.path)
	defer s.listener.Close()
	stop := context.AfterFunc(ctx, func() { s.listener.Close() })
	defer stop()
	var calls sync.WaitGroup
	defer calls.Wait()
	for {
		conn, err := s.listener.AcceptUnix()
		if ctx.Err() != nil {
			return nil
		}
		if err != nil {
			return fault.As("control.Serve", fault.Unavailable, "The control socket has failed.", err)
		}
		calls.Go(func() { answer(ctx, conn, commands) })
	}
}

// answer serves one call. The goroutine that reads the connection never waits
// for the command, so it sees at once when the caller is gone.
func answer(server context.Context, conn net.Conn, commands Commands) {
	defer conn.Close()
	// A server that stops waits neither for a caller that has not asked yet nor,
	// for long, for one that does not read.
	stop := context.AfterFunc(server, func() {
		conn.SetReadDeadline(time.Now())
		conn.SetWriteDeadline(time.Now().Add(10 * time.Second))
	})
	defer stop()
	kind, payload, err := receive(conn)
	var r request
	if err != nil || kind != frameCall || json.Unmarshal(payload, &r) != nil {
		return
	}
	ctx, cancel := context.WithCancel(server)
	defer cancel()
	out := &frames{w: conn}
	in := &input{ctx: ctx, out: out, chunks: make(chan chunk, 1)}
	var reader sync.WaitGroup
	reader.Go(func() {
		defer cancel()
		in.feed(conn, cancel)
	})
	slog.Info("command", "name", r.Name)
	code := commands.do(ctx, r.Name, &Call{Args: r.Args, Stdin: in, Stdout: stream{out, frameOut}, Stderr: stream{out, frameErr}})
	out.send(frameExit, []byte{byte(code)})
	conn.Close()
	reader.Wait()
}

// chunk is what one want was answered with.
type chunk struct {
	data []byte
	err  error
}

// input is the caller's stdin. It asks for a chunk when the command reads, so
// that nothing waits here and the caller's stdin is left alone by a command
// that does not read.
type input struct {
	ctx    context.Context
	out    *frames
	chunks chan chunk
	now    chunk
}

func (in *input) Read(p []byte) (int, error) {
	if len(p) == 0 {
		return 0, nil
	}
	if len(in.now.data) == 0 && in.now.err == nil {
		if err := in.out.send(frameWant, nil); err != nil {
			return 0, err
		}
		select {
		case in.now = <-in.chunks:
		case <-in.ctx.Done():
			return 0, context.Cause(in.ctx)
		}
	}
	n := copy(p, in.now.data)
	in.now.data = in.now.data[n:]
	if n > 0 {
		return n, nil
	}
	return 0, in.now.err
}

// feed takes what the caller sends until the caller is gone.
func (in *input) feed(conn io.Reader, cancel context.CancelFunc) {
	for {
		kind, payload, err := receive(conn)
		if err != nil {
			return
		}
		c := chunk{data: payload}
		switch {
		case kind == frameCancel:
			cancel()
			continue
		case kind == frameBroken:
			c = chunk{err: errors.New(string(payload))}
		case kind != frameIn:
			return
		case len(payload) == 0:
			c.err = io.EOF
		}
		select {
		case in.chunks <- c:
		default:
			return // nobody asked: this is not our caller
		}
	}
}
