package webpush

import (
	"crypto/aes"
	"crypto/cipher"
	"crypto/ecdh"
	"crypto/hkdf"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"

	"rapport/internal/platform/fault"
)

// MaxPayload is how much one message may carry: with everything around it 4,096
// bytes, which every push service takes.
const MaxPayload = 3993

const (
	recordSize = 4096
	saltSize   = 16
	pointSize  = 65 // an uncompressed point of P-256
	authSize   = 16
)

// Subscription is one browser at one push service.
type Subscription struct {
	Endpoint string `json:"endpoint"`
	P256DH   []byte `json:"p256dh"` // the browser's public key, uncompressed
	Auth     []byte `json:"auth"`   // 16 bytes that only the browser and we know
}

// Text reads the base64url of a browser, with padding or without.
func Text(s string) ([]byte, error) {
	for len(s) > 0 && s[len(s)-1] == '=' {
		s = s[:len(s)-1]
	}
	return base64.RawURLEncoding.DecodeString(s)
}

// Checked refuses keys that nothing could be encrypted with.
func (s Subscription) Checked() error {
	const op = "webpush.Checked"
	if _, err := ecdh.P256().NewPublicKey(s.P256DH); err != nil {
		return fault.As(op, fault.Invalid, "The key of this browser is not one of P-256.", err)
	}
	if len(s.Auth) != authSize {
		return fault.New(op, fault.Invalid, "The secret of this browser must have 16 bytes.")
	}
	return nil
}

// encrypt makes the body of a push: the header of RFC 8188 and one record.
func (s Subscription) encrypt(plain []byte) ([]byte, error) {
	own, err := ecdh.P256().GenerateKey(rand.Reader)
	if err != nil {
		return nil, err
	}
	salt := make([]byte, saltSize)
	rand.Read(salt)
	return s.seal(plain, own, salt)
}

// seal is encrypt with the key and the salt of this one message.
func (s Subscription) seal(plain []byte, own *ecdh.PrivateKey, salt []byte) ([]byte, error) {
	const op = "webpush.seal"
	if len(plain) > MaxPayload {
		return nil, fault.Newf(op, fault.Invalid, "A push of %d bytes is too long.", len(plain))
	}
	theirs, err := ecdh.P256().NewPublicKey(s.P256DH)
	if err != nil {
		return nil, fault.As(op, fault.Invalid, "", err)
	}
	shared, err := own.ECDH(theirs)
	if err != nil {
		return nil, fault.As(op, fault.Invalid, "", err)
	}
	info := append(append([]byte("WebPush: info\x00"), s.P256DH...), own.PublicKey().Bytes()...)
	secret, err := hkdf.Key(sha256.New, shared, s.Auth, string(info), 32)
	if err != nil {
		return nil, fault.Wrap(op, err)
	}
	key, err := hkdf.Key(sha256.New, secret, salt, "Content-Encoding: aes128gcm\x00", 16)
	if err != nil {
		return nil, fault.Wrap(op, err)
	}
	nonce, err := hkdf.Key(sha256.New, secret, salt, "Content-Encoding: nonce\x00", 12)
	if err != nil {
		return nil, fault.Wrap(op, err)
	}
	block, err := aes.NewCipher(key)
	if err != nil {
		return nil, fault.Wrap(op, err)
	}
	aead, err := cipher.NewGCM(block)
	if err != nil {
		return nil, fault.Wrap(op, err)
	}
	out := append(make([]byte, 0, recordSize), salt...)
	out = binary.BigEndian.AppendUint32(out, recordSize)
	out = append(append(out, pointSize), own.PublicKey().Bytes()...)
	return aead.Seal(out, nonce, append(append([]byte{}, plain...), 2), nil), nil // 2: this is the last record
}
