package secret_test

import (
	"testing"

	"rapport/internal/platform/secret"
)

func BenchmarkMAC(b *testing.B) {
	key, part := secret.Generate(), make([]byte, 64)
	for b.Loop() {
		key.MAC("link", part)
	}
}
