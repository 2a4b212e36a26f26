package control

import (
	"encoding/binary"
	"fmt"
	"io"
	"sync"
)

// A frame is a kind, the length of its payload in four bytes, and the payload.
// The caller sends call, then want-driven input and perhaps cancel; the server
// sends want, out and err, and last of all exit.
const (
	frameCall   = 'C' // request, in JSON
	frameWant   = 'W' // the command reads: send one chunk of input
	frameIn     = 'I' // a chunk of input; an empty one is the end
	frameBroken = 'B' // the input broke off, with the reason
	frameCancel = 'X' // the caller wants the command to end
	frameOut    = 'O'
	frameErr    = 'E'
	frameExit   = 'Q' // exit code, one byte
)

// maxFrame bounds a payload; longer output is cut into several.
const maxFrame = 256 << 10

// request is the payload of a call.
type request struct {
	Name string   `json:"name"`
	Args []string `json:"args"`
}

// frames writes frames, from many goroutines.
type frames struct {
	mu sync.Mutex
	w  io.Writer
}

func (f *frames) send(kind byte, payload []byte) error {
	f.mu.Lock()
	defer f.mu.Unlock()
	head := binary.BigEndian.AppendUint32([]byte{kind}, uint32(len(payload)))
	if _, err := f.w.Write(head); err != nil {
		return err
	}
	if len(payload) == 0 {
		return nil
	}
	_, err := f.w.Write(payload)
	return err
}

// stream is a writer whose bytes become frames of one kind.
type stream struct {
	*frames
	kind byte
}

func (s stream) Write(p []byte) (n int, err error) {
	for n < len(p) {
		chunk := p[n:min(len(p), n+maxFrame)]
		if err := s.send(s.kind, chunk); err != nil {
			return n, err
		}
		n += len(chunk)
	}
	return n, nil
}

func receive(r io.Reader) (kind byte, payload []byte, err error) {
	var head [5]byte
	if _, err := io.ReadFull(r, head[:]); err != nil {
		return 0, nil, err
	}
	n := binary.BigEndian.Uint32(head[1:])
	if n > maxFrame {
		return 0, nil, fmt.Errorf("a frame of %d bytes", n)
	}
	payload = make([]byte, n)
	_, err = io.ReadFull(r, payload)
	return head[0], payload, err
}
