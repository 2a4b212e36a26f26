package form

import (
	"crypto/hmac"
	"crypto/rand"
	"encoding/base64"
	"encoding/binary"
	"encoding/hex"
	"time"

	"rapport/internal/platform/secret"
)

// A token proves that its page came from here, for this form, and when. It is
// the name of what is sent from the page: the same token is taken once.
const (
	tokenPurpose     = "form page"
	referencePurpose = "form reference"
	tokenRandom      = 12
	tokenMAC         = 16
	tokenSize        = 8 + tokenRandom + tokenMAC
)

// Ages of a page that is sent. Nobody types a message in less; a page that was
// open longer is made anew with what was typed.
const (
	minAge = 3 * time.Second
	maxAge = 24 * time.Hour
)

type signer struct{ key *secret.Key }

// page is what a token says.
type page struct {
	id string // of the token
	at time.Time
}

// issue makes a token.
func (s signer) issue(inboxID int64, now time.Time) string {
	body := binary.BigEndian.AppendUint64(nil, uint64(now.UnixMilli()))
	body = append(body, make([]byte, tokenRandom)...)
	rand.Read(body[8:])
	return base64.RawURLEncoding.EncodeToString(append(body, s.mac(inboxID, body)...))
}

func (s signer) mac(inboxID int64, body []byte) []byte {
	return s.key.MAC(tokenPurpose, binary.BigEndian.AppendUint64(nil, uint64(inboxID)), body)[:tokenMAC]
}

// open reads a token of a form; false when it is none of ours.
func (s signer) open(inboxID int64, token string) (page, bool) {
	raw, err := base64.RawURLEncoding.Strict().DecodeString(token)
	if err != nil || len(raw) != tokenSize {
		return page{}, false
	}
	body := raw[:8+tokenRandom]
	if !hmac.Equal(raw[len(body):], s.mac(inboxID, body)) {
		return page{}, false
	}
	return page{id: hex.EncodeToString(body[8:]), at: time.UnixMilli(int64(binary.BigEndian.Uint64(body))).UTC()}, true
}

// letters of references: without those that are taken for each other.
const letters = "23456789ABCDEFGHJKMNPQRSTVWXYZ"

// reference is what the visitor is told, such as K7QM-4F2X. It follows from the
// page, so a repeated submission is told the same.
func (s signer) reference(inboxID int64, id string) string {
	n := binary.BigEndian.Uint64(s.key.MAC(referencePurpose, binary.BigEndian.AppendUint64(nil, uint64(inboxID)), []byte(id)))
	out := make([]byte, 0, 9)
	for i := range 8 {
		if i == 4 {
			out = append(out, '-')
		}
		out = append(out, letters[n%uint64(len(letters))])
		n /= uint64(len(letters))
	}
	return string(out)
}
