package conversation_test

import (
	"context"
	"fmt"
	"sync/atomic"
	"testing"

	"rapport/internal/testkit"
)

// BenchmarkReceive measures intake's transaction on SQLite: half of the mails
// start a conversation, half answer one, from 32 clients.
func BenchmarkReceive(b *testing.B) {
	w := newWorld(b, testkit.SQLite(b))
	var n, known atomic.Int64
	mail := w.mail("", "Where is my parcel? It was to come on Monday.")
	b.SetParallelism(16)
	b.ResetTimer()
	b.RunParallel(func(pb *testing.PB) {
		for pb.Next() {
			i := n.Add(1)
			in := mail
			in.From.Address = fmt.Sprintf("person%d@mail%d.example", i%5000, i%500)
			in.ExternalID = fmt.Sprintf("<%d@bench.example>", i)
			if id := known.Load(); i%2 == 0 && id != 0 {
				in.ConversationID = id
			}
			placed, err := w.Receive(context.Background(), in)
			if err != nil {
				b.Error(err)
				return
			}
			known.Store(placed.ConversationID)
		}
	})
}
