package secret

import (
	"crypto/cipher"
	"crypto/rand"
	"encoding/binary"

	"golang.org/x/crypto/chacha20poly1305"

	"rapport/internal/platform/fault"
)

// sealVersion is the first byte of a sealed value, so that a later cipher can
// stand beside this one: XChaCha20-Poly1305, whose nonce is long enough to be
// drawn at random for ever.
const sealVersion = 1

// Box seals values of one purpose.
type Box struct{ aead cipher.AEAD }

// Box returns the box of a purpose, for example "inbox-password".
func (k *Key) Box(purpose string) *Box {
	aead, err := chacha20poly1305.NewX(k.derive("box", purpose))
	if err != nil {
		panic("secret: " + err.Error()) // the key has the right length
	}
	return &Box{aead}
}

// Seal encrypts plain for one row of one table. Sealing the same value twice
// gives different bytes.
func (b *Box) Seal(table string, row int64, plain []byte) ([]byte, error) {
	sealed := make([]byte, 1+b.aead.NonceSize(), 1+b.aead.NonceSize()+len(plain)+b.aead.Overhead())
	sealed[0] = sealVersion
	nonce := sealed[1:]
	if _, err := rand.Read(nonce); err != nil {
		return nil, fault.Wrap("secret.Seal", err)
	}
	return b.aead.Seal(sealed, nonce, plain, place(table, row)), nil
}

// Open decrypts what Seal made for the same table and row. Anything else is an
// Internal fault: the value was moved, changed, or sealed with another key.
func (b *Box) Open(table string, row int64, sealed []byte) ([]byte, error) {
	const op = "secret.Open"
	head := 1 + b.aead.NonceSize()
	if len(sealed) < head || sealed[0] != sealVersion {
		return nil, fault.Newf(op, fault.Internal, "A stored secret (%s %d) is not in a form this version can read.", table, row)
	}
	plain, err := b.aead.Open(nil, sealed[1:head], sealed[head:], place(table, row))
	if err != nil {
		return nil, fault.As(op, fault.Internal, "A stored secret cannot be read with this key. Enter it again.", err)
	}
	return plain, nil
}

// place is what a sealed value is bound to. The row has a fixed length, so no
// other table and row give the same bytes.
func place(table string, row int64) []byte {
	return append(binary.BigEndian.AppendUint64([]byte{sealVersion}, uint64(row)), table...)
}
