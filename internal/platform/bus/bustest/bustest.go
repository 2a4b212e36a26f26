// Package bustest is the suite every bus.Bus must pass.
package bustest

import (
	"fmt"
	"testing"
	"time"

	"rapport/internal/platform/bus"
)

// Run proves the promises of bus.Bus on buses made by open, each test on a new
// one.
func Run(t *testing.T, open func(t *testing.T) bus.Bus) {
	for name, test := range map[string]func(*testing.T, bus.Bus){
		"each subscriber of the subject hears it":   eachHears,
		"nobody listening is no harm":               nobodyListens,
		"messages keep their order":                 keepsOrder,
		"a stuck subscriber holds up nobody":        stuckHoldsNobody,
		"the newest message survives a full queue":  newestSurvives,
		"equal messages in a row are told once":     equalOnce,
		"after cancel no call begins":               cancelEnds,
		"a subscriber may publish and cancel":       reentrant,
		"the publisher may use its data again":      dataIsCopied,
		"cancelling twice is the same as once":      cancelTwice,
		"a subscriber that joined late hears later": joinsLate,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			test(t, open(t))
		})
	}
}

// heard collects messages of one subscriber; the channel is large enough that
// the subscriber itself never waits.
func heard(b bus.Bus, subject string) (messages chan string, cancel func()) {
	messages = make(chan string, 4096)
	cancel = b.Subscribe(subject, func(data []byte) { messages <- string(data) })
	return messages, cancel
}

// expect waits for exactly these messages, in order. The limit only ends a
// broken run.
func expect(t *testing.T, messages <-chan string, want ...string) {
	t.Helper()
	for _, w := range want {
		select {
		case got := <-messages:
			if got != w {
				t.Fatalf("heard %q, want %q", got, w)
			}
		case <-time.After(20 * time.Second):
			t.Fatalf("%q was never heard", w)
		}
	}
}

func eachHears(t *testing.T, b bus.Bus) {
	first, _ := heard(b, "a")
	second, _ := heard(b, "a")
	other, _ := heard(b, "a.b")
	b.Publish("a", []byte("1"))
	b.Publish("a.b", []byte("2"))
	expect(t, first, "1")
	expect(t, second, "1")
	expect(t, other, "2")
	if len(first)+len(second)+len(other) > 0 {
		t.Error("a subscriber heard another subject")
	}
}

func nobodyListens(t *testing.T, b bus.Bus) {
	b.Publish("a", []byte("lost"))
	messages, _ := heard(b, "a")
	b.Publish("a", []byte("found"))
	expect(t, messages, "found")
}

func keepsOrder(t *testing.T, b bus.Bus) {
	messages, _ := heard(b, "a")
	for i := range 100 {
		b.Publish("a", fmt.Append(nil, i))
	}
	for i := range 100 {
		expect(t, messages, fmt.Sprint(i))
	}
}

// stuck subscribes and stays in its first call until release is closed.
func stuck(t *testing.T, b bus.Bus, subject string) (messages chan string, release chan struct{}) {
	messages, release = make(chan string, 4096), make(chan struct{})
	inside := make(chan struct{}, 1)
	b.Subscribe(subject, func(data []byte) {
		select {
		case inside <- struct{}{}:
			<-release
		default:
			messages <- string(data)
		}
	})
	b.Publish(subject, []byte("first"))
	for len(inside) == 0 {
		time.Sleep(time.Millisecond)
	}
	return messages, release
}

func stuckHoldsNobody(t *testing.T, b bus.Bus) {
	_, release := stuck(t, b, "a")
	defer close(release)
	free, _ := heard(b, "b")
	for i := range 5000 {
		b.Publish("a", fmt.Append(nil, i)) // would never return if it waited
	}
	b.Publish("b", []byte("through"))
	expect(t, free, "through")
}

func newestSurvives(t *testing.T, b bus.Bus) {
	messages, release := stuck(t, b, "a")
	for i := range 5000 {
		b.Publish("a", fmt.Append(nil, i))
	}
	close(release)
	for limit := time.After(20 * time.Second); ; {
		select {
		case got := <-messages:
			if got == "4999" {
				return
			}
		case <-limit:
			t.Fatal("the newest message was dropped")
		}
	}
}

func equalOnce(t *testing.T, b bus.Bus) {
	messages, release := stuck(t, b, "a")
	for _, m := range []string{"x", "x", "x", "y", "x", "x"} {
		b.Publish("a", []byte(m))
	}
	close(release)
	expect(t, messages, "x", "y", "x")
}

func cancelEnds(t *testing.T, b bus.Bus) {
	messages, cancel := heard(b, "a")
	b.Publish("a", []byte("1"))
	expect(t, messages, "1")
	cancel()
	b.Publish("a", []byte("2"))
	after, _ := heard(b, "a")
	b.Publish("a", []byte("3"))
	expect(t, after, "3")
	if len(messages) > 0 {
		t.Errorf("heard %q after cancel", <-messages)
	}
}

func reentrant(t *testing.T, b bus.Bus) {
	echo, _ := heard(b, "echo")
	var cancel func()
	ready := make(chan struct{})
	cancel = b.Subscribe("a", func(data []byte) {
		<-ready
		b.Publish("echo", data)
		cancel()
	})
	close(ready)
	b.Publish("a", []byte("1"))
	expect(t, echo, "1")
}

func dataIsCopied(t *testing.T, b bus.Bus) {
	messages, release := stuck(t, b, "a")
	data := []byte("old")
	b.Publish("a", data)
	copy(data, "new")
	close(release)
	expect(t, messages, "old")
}

func cancelTwice(t *testing.T, b bus.Bus) {
	_, cancel := heard(b, "a")
	other, _ := heard(b, "a")
	cancel()
	cancel()
	b.Publish("a", []byte("1"))
	expect(t, other, "1")
}

func joinsLate(t *testing.T, b bus.Bus) {
	early, _ := heard(b, "a")
	b.Publish("a", []byte("1"))
	expect(t, early, "1")
	late, _ := heard(b, "a")
	b.Publish("a", []byte("2"))
	expect(t, early, "2")
	expect(t, late, "2")
}
