package bus_test

import (
	"sync"
	"testing"

	"rapport/internal/platform/bus"
	"rapport/internal/platform/bus/bustest"
)

func TestLocal(t *testing.T) {
	bustest.Run(t, func(*testing.T) bus.Bus { return &bus.Local{} })
}

func TestManyPublishersAndSubscribersAtOnce(t *testing.T) {
	t.Parallel()
	var b bus.Local
	var wg sync.WaitGroup
	for range 16 {
		wg.Go(func() {
			for range 200 {
				cancel := b.Subscribe("a", func([]byte) {})
				b.Publish("a", []byte("x"))
				cancel()
			}
		})
	}
	wg.Wait()
}

func BenchmarkPublish(b *testing.B) {
	var bell bus.Local
	for range 10 {
		defer bell.Subscribe("workspace.7", func([]byte) {})()
	}
	data := []byte("7")
	for b.Loop() {
		bell.Publish("workspace.7", data)
	}
}
