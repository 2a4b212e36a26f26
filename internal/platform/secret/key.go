package secret

import (
	"crypto/hkdf"
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
)

// Size is the length of the master key and of every derived key, in bytes.
const Size = 32

// Key is the master key. It leaves this package as Text alone.
type Key struct{ master [Size]byte }

// Generate makes a new random key, held in memory only.
func Generate() *Key {
	k := &Key{}
	rand.Read(k.master[:]) // never fails: the runtime ends the process instead
	return k
}

// MAC authenticates the parts for a purpose. Each part is written with its
// length, so moving bytes from one part to the next changes the result.
func (k *Key) MAC(purpose string, parts ...[]byte) []byte {
	h := hmac.New(sha256.New, k.derive("mac", purpose))
	for _, p := range parts {
		h.Write(binary.BigEndian.AppendUint64(nil, uint64(len(p))))
		h.Write(p)
	}
	return h.Sum(nil)
}

// Verify reports, in constant time, whether mac is the MAC of the parts for
// that purpose.
func (k *Key) Verify(mac []byte, purpose string, parts ...[]byte) bool {
	return hmac.Equal(mac, k.MAC(purpose, parts...))
}

// Fingerprint names the key without telling anything about it.
func (k *Key) Fingerprint() string {
	return hex.EncodeToString(k.derive("fingerprint", "")[:8])
}

// derive makes the key of one use and purpose.
func (k *Key) derive(use, purpose string) []byte {
	key, err := hkdf.Key(sha256.New, k.master[:], nil, "rapport/"+use+"/"+purpose, Size)
	if err != nil {
		panic("secret: " + err.Error()) // only a length beyond 255 hashes can fail
	}
	return key
}
