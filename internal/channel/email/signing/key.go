package signing

import (
	"bytes"
	"context"
	"crypto"
	"crypto/ed25519"
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"encoding/base64"
	"log/slog"
	"strconv"
	"strings"
	"time"

	"github.com/emersion/go-msgauth/dkim"

	"rapport/internal/platform/clock"
	"rapport/internal/platform/fault"
	"rapport/internal/platform/resolver"
)

// Algorithms, as the DNS calls them. Everybody knows RSA; Ed25519 (RFC 8463) is
// the one to come, and a mail bears both.
const (
	RSA     = "rsa"
	Ed25519 = "ed25519"
	bits    = 2048
)

// Key is half of a pair: what anybody may know of it.
type Key struct {
	ID          int64
	WorkspaceID int64
	Domain      string
	Selector    string
	Algorithm   string
	Public      string // as the DNS has it
	MadeAt      time.Time
	SeenAt      time.Time // since when its line stands in the DNS; zero: it was not seen
	sealed      []byte
}

// Name is where the line of a key stands in the DNS.
func (k Key) Name() string { return k.Selector + "._domainkey." + k.Domain }

// Line is what stands there.
func (k Key) Line() string { return "v=DKIM1; k=" + k.Algorithm + "; p=" + k.Public }

// Box seals the secret parts.
type Box interface {
	Seal(table string, row int64, plain []byte) ([]byte, error)
	Open(table string, row int64, sealed []byte) ([]byte, error)
}

// Names asks the name server; nil: nobody is asked, and nothing is ever seen.
type Names interface {
	LookupTXT(ctx context.Context, name string) ([]string, error)
}

// Keys are the keys of all domains.
type Keys struct {
	store store
	box   Box
	names Names
	clock clock.Clock
}

const table = "signing_keys"

// New opens the keys.
func New(d Store, box Box, names Names, c clock.Clock) *Keys {
	return &Keys{store{d}, box, names, c}
}

// Of lists the keys of a domain, the newest first.
func (k *Keys) Of(ctx context.Context, workspaceID int64, domain string) ([]Key, error) {
	list, err := k.store.keys(ctx, workspaceID, domain)
	return list, fault.Wrap("signing.Of", err)
}

// Make makes a new pair of keys for a domain, one of each algorithm. While the
// newest ones wait to be published it does nothing.
func (k *Keys) Make(ctx context.Context, workspaceID int64, domain string) error {
	const op = "signing.Make"
	list, err := k.store.keys(ctx, workspaceID, domain)
	if err != nil {
		return fault.Wrap(op, err)
	}
	for _, made := range newest(list) {
		if made.SeenAt.IsZero() {
			return nil
		}
	}
	var fresh []Key
	for _, algorithm := range []string{RSA, Ed25519} {
		id, err := k.store.newID(ctx)
		if err != nil {
			return fault.Wrap(op, err)
		}
		key := Key{ID: id, WorkspaceID: workspaceID, Domain: domain, Selector: "rapport" + strconv.FormatInt(id, 36), Algorithm: algorithm, MadeAt: k.clock.Now()}
		var plain []byte
		if key.Public, plain, err = pair(algorithm); err == nil {
			key.sealed, err = k.box.Seal(table, id, plain)
		}
		if err != nil {
			return fault.Wrap(op, err)
		}
		fresh = append(fresh, key)
	}
	return fault.Wrap(op, k.store.within(ctx, func(ctx context.Context) error {
		for _, key := range fresh {
			if err := k.store.insert(ctx, key); err != nil {
				return err
			}
		}
		return nil
	}))
}

// pair makes a pair of keys: the public one as the DNS has it, the secret one
// as PKCS #8.
func pair(algorithm string) (public string, secret []byte, err error) {
	if algorithm == Ed25519 {
		pub, key, err := ed25519.GenerateKey(rand.Reader)
		if err != nil {
			return "", nil, err
		}
		secret, err = x509.MarshalPKCS8PrivateKey(key)
		return base64.StdEncoding.EncodeToString(pub), secret, err
	}
	key, err := rsa.GenerateKey(rand.Reader, bits)
	if err != nil {
		return "", nil, err
	}
	pub, err := x509.MarshalPKIXPublicKey(&key.PublicKey)
	if err != nil {
		return "", nil, err
	}
	secret, err = x509.MarshalPKCS8PrivateKey(key)
	return base64.StdEncoding.EncodeToString(pub), secret, err
}

// Look asks the DNS for the lines of a domain's keys and notes what it finds.
// silent says that the name server left a question open.
func (k *Keys) Look(ctx context.Context, workspaceID int64, domain string) (list []Key, silent bool, err error) {
	list, err = k.store.keys(ctx, workspaceID, domain)
	if err != nil || k.names == nil {
		return list, true, fault.Wrap("signing.Look", err)
	}
	for i, key := range list {
		texts, err := k.names.LookupTXT(ctx, key.Name())
		if err != nil && !resolver.NotFound(err) {
			silent = true
			continue
		}
		seen := key.SeenAt
		switch published := key.published(texts); {
		case published && seen.IsZero():
			seen = k.clock.Now()
		case !published:
			seen = time.Time{}
		}
		if seen.Equal(key.SeenAt) {
			continue
		}
		if err := k.store.setSeen(ctx, key, seen); err != nil {
			return list, silent, fault.Wrap("signing.Look", err)
		}
		list[i].SeenAt = seen
	}
	return list, silent, nil
}

// LookAtAll does Look for every domain that has keys.
func (k *Keys) LookAtAll(ctx context.Context) error {
	domains, err := k.store.domains(ctx)
	for _, d := range domains {
		if _, _, err := k.Look(ctx, d.workspaceID, d.name); err != nil {
			return err
		}
	}
	return fault.Wrap("signing.LookAtAll", err)
}

// published reports whether one of the texts carries the key, however it is
// spaced.
func (k Key) published(texts []string) bool {
	for _, text := range texts {
		for tag := range strings.SplitSeq(text, ";") {
			name, value, _ := strings.Cut(tag, "=")
			if strings.TrimSpace(name) == "p" && strings.Join(strings.Fields(value), "") == k.Public {
				return true
			}
		}
	}
	return false
}

// newest is the newest key of each algorithm.
func newest(list []Key) []Key { return first(list, func(Key) bool { return true }) }

// Signing are the keys that sign: of each algorithm the newest that was seen.
func Signing(list []Key) []Key { return first(list, func(k Key) bool { return !k.SeenAt.IsZero() }) }

func first(list []Key, fits func(Key) bool) []Key {
	var out []Key
	had := map[string]bool{}
	for _, k := range list {
		if !had[k.Algorithm] && fits(k) {
			had[k.Algorithm] = true
			out = append(out, k)
		}
	}
	return out
}

// signed are the fields a signature covers, those that a mail has; From twice,
// so that nobody adds another.
var signed = []string{"From", "From", "Reply-To", "To", "Cc", "Subject", "Date", "Message-ID", "In-Reply-To", "References", "MIME-Version", "Content-Type", "Auto-Submitted",
	"List-Unsubscribe", "List-Unsubscribe-Post"}

// Sign returns the mail with the signatures of its domain's keys, or as it is
// when there are none or something fails: a mail without a signature arrives
// where no mail at all would not.
func (k *Keys) Sign(ctx context.Context, workspaceID int64, domain string, mail []byte) []byte {
	list, err := k.store.keys(ctx, workspaceID, domain)
	if err != nil {
		slog.Error("signing: the keys cannot be read", "domain", domain, "error", err)
		return mail
	}
	out := mail
	for _, key := range Signing(list) {
		signature, err := k.sign(key, mail)
		if err != nil {
			slog.Error("signing failed; the mail leaves without this signature", "domain", domain, "selector", key.Selector, "error", err)
			continue
		}
		out = append([]byte(signature), out...)
	}
	return out
}

func (k *Keys) sign(key Key, mail []byte) (string, error) {
	plain, err := k.box.Open(table, key.ID, key.sealed)
	if err != nil {
		return "", err
	}
	secret, err := x509.ParsePKCS8PrivateKey(plain)
	if err != nil {
		return "", err
	}
	s, err := dkim.NewSigner(&dkim.SignOptions{Domain: key.Domain, Selector: key.Selector, Signer: secret.(crypto.Signer), HeaderKeys: signed,
		HeaderCanonicalization: dkim.CanonicalizationRelaxed, BodyCanonicalization: dkim.CanonicalizationRelaxed})
	if err != nil {
		return "", err
	}
	if _, err := bytes.NewReader(mail).WriteTo(s); err != nil {
		return "", err
	}
	if err := s.Close(); err != nil {
		return "", err
	}
	return s.Signature(), nil
}
