package bus

import (
	"bytes"
	"slices"
	"sync"
)

// Waiting is how many messages wait for one slow subscriber before the oldest
// is dropped.
const Waiting = 256

// Local is the bus inside one process. Its zero value is ready.
type Local struct {
	mu   sync.RWMutex
	subs map[string][]*subscriber // the slices are replaced, never changed
}

var _ Bus = (*Local)(nil)

func (b *Local) Publish(subject string, data []byte) {
	b.mu.RLock()
	subs := b.subs[subject]
	b.mu.RUnlock()
	if len(subs) == 0 {
		return
	}
	data = bytes.Clone(data)
	for _, s := range subs {
		s.put(data)
	}
}

func (b *Local) Subscribe(subject string, fn func(data []byte)) (cancel func()) {
	s := &subscriber{fn: fn}
	b.mu.Lock()
	if b.subs == nil {
		b.subs = map[string][]*subscriber{}
	}
	b.subs[subject] = append(slices.Clone(b.subs[subject]), s)
	b.mu.Unlock()
	return func() {
		b.remove(subject, s)
		s.close()
	}
}

func (b *Local) remove(subject string, gone *subscriber) {
	b.mu.Lock()
	defer b.mu.Unlock()
	rest := slices.DeleteFunc(slices.Clone(b.subs[subject]), func(s *subscriber) bool { return s == gone })
	if len(rest) == 0 {
		delete(b.subs, subject)
		return
	}
	b.subs[subject] = rest
}

// subscriber is one queue. A goroutine exists only while something waits in it.
type subscriber struct {
	fn func([]byte)

	mu       sync.Mutex
	waiting  [][]byte
	draining bool
	closed   bool
}

func (s *subscriber) put(data []byte) {
	s.mu.Lock()
	defer s.mu.Unlock()
	n := len(s.waiting)
	if s.closed || n > 0 && bytes.Equal(s.waiting[n-1], data) {
		return
	}
	if n == Waiting {
		s.waiting = s.waiting[1:]
	}
	s.waiting = append(s.waiting, data)
	if !s.draining {
		s.draining = true
		go s.drain()
	}
}

func (s *subscriber) drain() {
	for {
		data, ok := s.next()
		if !ok {
			return
		}
		s.fn(data)
	}
}

func (s *subscriber) next() ([]byte, bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if len(s.waiting) == 0 {
		s.waiting, s.draining = nil, false
		return nil, false
	}
	data := s.waiting[0]
	s.waiting = s.waiting[1:]
	return data, true
}

func (s *subscriber) close() {
	s.mu.Lock()
	s.closed, s.waiting = true, nil
	s.mu.Unlock()
}
