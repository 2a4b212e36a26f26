package testkit

import (
	"crypto/aes"
	"crypto/cipher"
	"crypto/ecdh"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math/big"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
)

// PushService is a push service with the browsers behind it. It takes only what
// RFC 8030, 8291 and 8292 allow, and reads it as a browser would: with code that
// shares nothing with what we send by.
type PushService struct {
	URL string
	t   testing.TB

	mu       sync.Mutex
	browsers map[string]*PushBrowser
	taken    []Pushed
	faults   []string
	answers  []func(http.ResponseWriter)
}

// PushBrowser is a browser that has subscribed.
type PushBrowser struct {
	Endpoint string
	P256DH   []byte
	Auth     []byte
	private  *ecdh.PrivateKey
	sender   string // the key it was subscribed with, base64url
}

// Pushed is a message that a browser has read.
type Pushed struct {
	Endpoint string
	Text     string
	Topic    string
	TTL      string
	Urgency  string
}

// NewPushService starts one on this machine.
func NewPushService(t testing.TB) *PushService {
	p := &PushService{t: t, browsers: map[string]*PushBrowser{}}
	server := httptest.NewServer(p)
	p.URL = server.URL
	t.Cleanup(server.Close)
	return p
}

// Subscribe is a new browser that takes messages of one sender, named by its
// public key as base64url.
func (p *PushService) Subscribe(sender string) *PushBrowser {
	private, err := ecdh.P256().GenerateKey(rand.Reader)
	Require(p.t, err)
	auth := make([]byte, 16)
	rand.Read(auth)
	p.mu.Lock()
	defer p.mu.Unlock()
	b := &PushBrowser{Endpoint: fmt.Sprintf("%s/push/%d", p.URL, len(p.browsers)+1), P256DH: private.PublicKey().Bytes(), Auth: auth, private: private, sender: sender}
	p.browsers[b.Endpoint] = b
	return b
}

// Next has the coming requests answered so, one each; after that all goes well.
func (p *PushService) Next(answers ...func(http.ResponseWriter)) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.answers = append(p.answers, answers...)
}

// Answers is an answer with a status and headers in pairs.
func Answers(status int, header ...string) func(http.ResponseWriter) {
	return func(w http.ResponseWriter) {
		for i := 0; i+1 < len(header); i += 2 {
			w.Header().Set(header[i], header[i+1])
		}
		w.WriteHeader(status)
	}
}

// Taken are the messages that arrived since it was asked last.
func (p *PushService) Taken() []Pushed {
	p.mu.Lock()
	defer p.mu.Unlock()
	out := p.taken
	p.taken = nil
	for _, fault := range p.faults {
		p.t.Errorf("the push service refuses: %s", fault)
	}
	p.faults = nil
	return out
}

// ServeHTTP takes one message.
func (p *PushService) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if len(p.answers) > 0 {
		answer := p.answers[0]
		p.answers = p.answers[1:]
		answer(w)
		return
	}
	b := p.browsers[p.URL+r.URL.Path]
	if b == nil || r.Method != http.MethodPost {
		w.WriteHeader(http.StatusNotFound)
		return
	}
	if err := p.known(r, b.sender); err != nil {
		p.faults = append(p.faults, err.Error())
		w.WriteHeader(http.StatusForbidden)
		return
	}
	body, err := io.ReadAll(io.LimitReader(r.Body, 5000))
	if err == nil && len(body) > 4096 {
		err = errors.New("the message is longer than 4096 bytes")
	}
	var text string
	if err == nil {
		text, err = b.read(body)
	}
	if err == nil && (r.Header.Get("Content-Encoding") != "aes128gcm" || r.Header.Get("TTL") == "" || len(r.Header.Get("Topic")) > 32) {
		err = fmt.Errorf("the headers are %v", r.Header)
	}
	if err != nil {
		p.faults = append(p.faults, err.Error())
		w.WriteHeader(http.StatusBadRequest)
		return
	}
	p.taken = append(p.taken, Pushed{b.Endpoint, text, r.Header.Get("Topic"), r.Header.Get("TTL"), r.Header.Get("Urgency")})
	w.WriteHeader(http.StatusCreated)
}

// known checks who sends, by RFC 8292.
func (p *PushService) known(r *http.Request, sender string) error {
	token, key, ok := strings.Cut(strings.TrimPrefix(r.Header.Get("Authorization"), "vapid t="), ", k=")
	parts := strings.Split(token, ".")
	if !ok || len(parts) != 3 {
		return errors.New("it does not say who sends it")
	}
	if key != sender {
		return errors.New("the browser was subscribed with another key")
	}
	point, err := base64.RawURLEncoding.DecodeString(key)
	if err != nil {
		return err
	}
	public, err := ecdsa.ParseUncompressedPublicKey(elliptic.P256(), point)
	if err != nil {
		return err
	}
	signature, err := base64.RawURLEncoding.DecodeString(parts[2])
	hash := sha256.Sum256([]byte(parts[0] + "." + parts[1]))
	if err != nil || len(signature) != 64 || !ecdsa.Verify(public, hash[:], new(big.Int).SetBytes(signature[:32]), new(big.Int).SetBytes(signature[32:])) {
		return errors.New("the signature is not good")
	}
	claims, err := base64.RawURLEncoding.DecodeString(parts[1])
	var said struct {
		Aud, Sub string
		Exp      int64
	}
	if err == nil {
		err = json.Unmarshal(claims, &said)
	}
	if err != nil || said.Aud != p.URL || said.Sub == "" || said.Exp == 0 {
		return fmt.Errorf("the claims are %s", claims)
	}
	return nil
}

// read decrypts a message as RFC 8188 and 8291 say.
func (b *PushBrowser) read(body []byte) (string, error) {
	if len(body) < 86 || body[20] != 65 || binary.BigEndian.Uint32(body[16:20]) < 18 {
		return "", errors.New("the message has no header")
	}
	salt, point, sealed := body[:16], body[21:86], body[86:]
	theirs, err := ecdh.P256().NewPublicKey(point)
	if err != nil {
		return "", err
	}
	shared, err := b.private.ECDH(theirs)
	if err != nil {
		return "", err
	}
	mac := func(key []byte, parts ...[]byte) []byte {
		h := hmac.New(sha256.New, key)
		for _, part := range parts {
			h.Write(part)
		}
		return h.Sum(nil)
	}
	secret := mac(mac(b.Auth, shared), []byte("WebPush: info\x00"), b.P256DH, point, []byte{1})
	root := mac(salt, secret)
	block, err := aes.NewCipher(mac(root, []byte("Content-Encoding: aes128gcm\x00\x01"))[:16])
	if err != nil {
		return "", err
	}
	open, err := cipher.NewGCM(block)
	if err != nil {
		return "", err
	}
	plain, err := open.Open(nil, mac(root, []byte("Content-Encoding: nonce\x00\x01"))[:12], sealed, nil)
	if err != nil {
		return "", err
	}
	text := strings.TrimRight(string(plain), "\x00")
	if !strings.HasSuffix(text, "\x02") {
		return "", errors.New("the last record does not say that it is the last")
	}
	return strings.TrimSuffix(text, "\x02"), nil
}

// Text is b as browsers write bytes.
func (b *PushBrowser) Text() (p256dh, auth string) {
	return base64.URLEncoding.EncodeToString(b.P256DH), base64.RawURLEncoding.EncodeToString(b.Auth)
}
