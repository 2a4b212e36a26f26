package account

import (
	"sync"
	"time"

	"rapport/internal/platform/clock"
)

// cacheTime is how long a node may go by an old answer when the bell that tells
// of another node's change is lost, and cacheSize bounds the memory; a full
// cache starts over.
const (
	cacheTime = time.Second
	cacheSize = 10_000
)

// cache keeps answers of the database until forget, or for cacheTime. An
// answer that was on its way while forget ran is returned and not kept.
type cache[K comparable, V any] struct {
	clock clock.Clock

	mu         sync.Mutex
	generation int
	entries    map[K]cached[V]
}

type cached[V any] struct {
	value V
	until time.Time
}

func newCache[K comparable, V any](c clock.Clock) *cache[K, V] {
	return &cache[K, V]{clock: c, entries: map[K]cached[V]{}}
}

// get returns the kept answer for key, or loads and keeps it. Errors are not
// kept.
func (c *cache[K, V]) get(key K, load func() (V, error)) (V, error) {
	asked := c.ask()
	c.mu.Lock()
	e, ok := c.entries[key]
	c.mu.Unlock()
	if ok && asked.at.Before(e.until) {
		return e.value, nil
	}
	value, err := load()
	if err == nil {
		c.keep(asked, key, value)
	}
	return value, err
}

// asking is when a question was put to the database.
type asking struct {
	at         time.Time
	generation int
}

// ask is called before the question, keep after it.
func (c *cache[K, V]) ask() asking {
	c.mu.Lock()
	defer c.mu.Unlock()
	return asking{c.clock.Now(), c.generation}
}

// keep keeps an answer, unless forget has run since it was asked for.
func (c *cache[K, V]) keep(asked asking, key K, value V) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.generation != asked.generation {
		return
	}
	if len(c.entries) >= cacheSize {
		clear(c.entries)
	}
	c.entries[key] = cached[V]{value, asked.at.Add(cacheTime)}
}

// forget drops everything: changes are rare and reloading is cheap.
func (c *cache[K, V]) forget() {
	c.mu.Lock()
	c.generation++
	clear(c.entries)
	c.mu.Unlock()
}
