package blob

import (
	"bytes"
	"context"
	"crypto/md5"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"errors"
	"io"
	"net/http"
	"strings"
	"time"

	"rapport/internal/platform/fault"
)

// How patient we are with a server. A request that fails is tried again, with
// growing pauses, within its time.
const (
	s3Tries = 4
	s3Put   = 2 * time.Minute
	s3Small = 30 * time.Second // anything that carries no body
	s3Quiet = 30 * time.Second // a download that brings nothing for so long is begun again where it stopped
)

// Bucket says where an S3 server keeps the bodies of one installation. Region
// may be empty: the server is asked.
type Bucket struct {
	Endpoint string // https://host, without a path
	Name     string
	Key      string
	Secret   string
	Region   string
}

// S3 is the backend in a bucket of an S3 server. Every body is sent with its
// checksums, which the server compares, and is compared again when it is read
// from end to end.
type S3 struct{ server *s3Server }

var _ Backend = S3{}

// NewS3 keeps bodies in a bucket, which exists. It makes no connection: Check
// does. An address that is none is an Invalid fault.
func NewS3(b Bucket, over http.RoundTripper) (S3, error) {
	server, err := newS3Server(b, over)
	if err != nil {
		return S3{}, fault.As("blob.NewS3", fault.Invalid, "", err)
	}
	return S3{server}, nil
}

// sumHeader is where a body's SHA-256 stands beside it.
const sumHeader = "X-Amz-Meta-Sha256"

// Put sends a body in one request, so that a reader sees all of it or nothing.
func (s S3) Put(ctx context.Context, key string, body []byte) error {
	ctx, cancel := context.WithTimeout(ctx, s3Put)
	defer cancel()
	sum, check := sha256.Sum256(body), md5.Sum(body) // MD5 is what every server compares, nothing more
	return s3Fault("blob.S3.Put", s.server.done(ctx, s3Request{method: http.MethodPut, key: key, body: body, header: http.Header{
		"Content-Type": {"application/octet-stream"},
		"Content-Md5":  {base64.StdEncoding.EncodeToString(check[:])},
		sumHeader:      {hex.EncodeToString(sum[:])},
	}}))
}

// Open looks whether a body is there; it is fetched as it is read. ctx bounds
// the reading too.
func (s S3) Open(ctx context.Context, key string) (io.ReadSeekCloser, error) {
	small, cancel := context.WithTimeout(ctx, s3Small)
	defer cancel()
	res, err := s.server.do(small, s3Request{method: http.MethodHead, key: key})
	if err != nil {
		return nil, s3Fault("blob.S3.Open", err)
	}
	res.Body.Close()
	return &download{ctx: ctx, from: s.server, key: key, etag: res.Header.Get("Etag"), size: res.ContentLength, want: res.Header.Get(sumHeader), sum: sha256.New()}, nil
}

// Delete removes a body; the server answers alike when there is none.
func (s S3) Delete(ctx context.Context, key string) error {
	ctx, cancel := context.WithTimeout(ctx, s3Small)
	defer cancel()
	err := s3Fault("blob.S3.Delete", s.server.done(ctx, s3Request{method: http.MethodDelete, key: key}))
	if fault.Is(err, fault.NotFound) {
		return nil
	}
	return err
}

// Check proves that the server answers and that bodies can be put, read and
// deleted. NotFound: there is no such bucket. Forbidden: the server refuses,
// most likely the keys. Unavailable: anything else.
func (s S3) Check(ctx context.Context) error {
	const op = "blob.S3.Check"
	key, body := "check/"+strings.ToLower(rand.Text()), []byte("Rapport was here.\n")
	if err := s.Put(ctx, key, body); err != nil {
		var said *s3Refusal
		switch refused := errors.As(err, &said); {
		case refused && said.Code == noSuchBucket:
			return fault.As(op, fault.NotFound, "", err)
		case refused && said.status < 500: // servers differ in what they call it
			return fault.As(op, fault.Forbidden, "", err)
		}
		return fault.Wrap(op, err)
	}
	r, err := s.Open(ctx, key)
	if err != nil {
		return fault.As(op, fault.Unavailable, "", err)
	}
	defer r.Close()
	got, err := io.ReadAll(r)
	if err == nil && !bytes.Equal(got, body) {
		err = errors.New("other bytes came back")
	}
	if err != nil {
		return fault.As(op, fault.Unavailable, "", err)
	}
	return fault.Wrap(op, s.Delete(ctx, key))
}

// s3Fault is what an answer of the server means here.
func s3Fault(op string, err error) error {
	if err == nil {
		return nil
	}
	var said *s3Refusal
	switch refused := errors.As(err, &said); {
	case fault.Is(err, fault.Forbidden): // the guard lets nobody through
		return fault.Wrap(op, err)
	case refused && said.noSuchKey():
		return fault.As(op, fault.NotFound, "", err)
	case refused && (said.status == http.StatusForbidden || said.status == http.StatusUnauthorized):
		return fault.As(op, fault.Forbidden, "", err)
	}
	return fault.As(op, fault.Unavailable, "The store for large files does not answer as it should.", err)
}
