package blob

import (
	"bytes"
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	v4 "github.com/aws/aws-sdk-go-v2/aws/signer/v4"

	"rapport/internal/platform/fault"
)

// What S3 calls what is not there, and the region that is always understood.
const (
	noSuchBucket = "NoSuchBucket"
	noSuchKey    = "NoSuchKey"
	firstRegion  = "us-east-1"
)

// s3Said bounds what is read of an answer that is no body.
const s3Said = 64 << 10

// s3Server speaks with an S3 server about one bucket, by the REST API in its
// path style (https://docs.aws.amazon.com/AmazonS3/latest/API): it signs, tries
// again and reads refusals.
type s3Server struct {
	client *http.Client
	bucket url.URL
	keys   aws.Credentials
	signer *v4.Signer

	mu     sync.Mutex
	region string // empty: not asked yet
}

func newS3Server(b Bucket, over http.RoundTripper) (*s3Server, error) {
	u, err := url.Parse(b.Endpoint)
	if err != nil {
		return nil, err
	}
	if u.Scheme != "http" && u.Scheme != "https" || u.Host == "" || strings.Trim(u.Path, "/") != "" || u.RawQuery != "" {
		return nil, errors.New("an endpoint is a scheme and a host")
	}
	asIs := func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse } // a signature is good for one address
	return &s3Server{
		client: &http.Client{Transport: over, CheckRedirect: asIs},
		bucket: url.URL{Scheme: u.Scheme, Host: u.Host, Path: "/" + b.Name},
		keys:   aws.Credentials{AccessKeyID: b.Key, SecretAccessKey: b.Secret},
		signer: v4.NewSigner(func(o *v4.SignerOptions) { o.DisableURIPathEscaping = true }), // S3 signs paths as they are sent
		region: b.Region,
	}, nil
}

// s3Request is one request about a body, or without a key about the bucket.
type s3Request struct {
	method string
	key    string
	query  string
	header http.Header
	body   []byte
}

// s3Refusal is what a server answers instead of what was asked for.
type s3Refusal struct {
	status  int
	Code    string
	Message string
	Region  string
}

func (r *s3Refusal) Error() string {
	return fmt.Sprintf("blob: the S3 server answers %d %s: %s", r.status, cmp.Or(r.Code, http.StatusText(r.status)), cmp.Or(r.Message, "no more"))
}

// noSuchKey: an answer to HEAD has no body to say it in.
func (r *s3Refusal) noSuchKey() bool {
	return r.Code == noSuchKey || r.Code == "" && r.status == http.StatusNotFound
}

// passing reports whether another try may bring more.
func passing(err error) bool {
	var said *s3Refusal
	if errors.As(err, &said) {
		return said.status >= 500 || said.status == http.StatusTooManyRequests || said.status == http.StatusRequestTimeout
	}
	return !fault.Is(err, fault.Forbidden) // the guard stays at it
}

// done is do for answers that say nothing more.
func (s *s3Server) done(ctx context.Context, r s3Request) error {
	res, err := s.do(ctx, r)
	if err != nil {
		return err
	}
	_, _ = io.CopyN(io.Discard, res.Body, s3Said) // so that the connection serves again
	return res.Body.Close()
}

// do asks until it is answered, s3Tries times at most. The caller closes the
// body.
func (s *s3Server) do(ctx context.Context, r s3Request) (*http.Response, error) {
	for try := 1; ; try++ {
		region, err := s.where(ctx)
		var res *http.Response
		if err == nil {
			res, err = s.ask(ctx, r, region)
		}
		if err == nil || try == s3Tries || !passing(err) {
			return res, err
		}
		pause := time.Duration(try) * 100 * time.Millisecond
		select {
		case <-ctx.Done():
			return nil, err
		case <-time.After(pause + rand.N(pause)):
		}
	}
}

// ask sends a request once. What is not a success is an error.
func (s *s3Server) ask(ctx context.Context, r s3Request, region string) (*http.Response, error) {
	u := s.bucket
	if r.key != "" {
		u.Path += "/" + r.key
	}
	u.RawQuery = r.query
	req, err := http.NewRequestWithContext(ctx, r.method, u.String(), bytes.NewReader(r.body))
	if err != nil {
		return nil, err
	}
	for name, values := range r.header {
		req.Header[name] = values
	}
	sum := sha256.Sum256(r.body)
	sent := hex.EncodeToString(sum[:])
	req.Header.Set("X-Amz-Content-Sha256", sent)
	if err := s.signer.SignHTTP(ctx, s.keys, req, sent, "s3", region, time.Now()); err != nil {
		return nil, err
	}
	req.Header.Set("Accept-Encoding", "identity") // after signing: servers in between change it
	res, err := s.client.Do(req)
	if err != nil {
		return nil, err
	}
	if res.StatusCode/100 == 2 {
		return res, nil
	}
	defer res.Body.Close()
	refusal := &s3Refusal{}
	if said, err := io.ReadAll(io.LimitReader(res.Body, s3Said)); err == nil {
		_ = xml.Unmarshal(said, refusal) // who answers otherwise has said enough by its status
	}
	refusal.status = res.StatusCode
	refusal.Region = cmp.Or(res.Header.Get("X-Amz-Bucket-Region"), refusal.Region)
	return nil, refusal
}

// where is the region to sign for: the one that was given, else what the
// server says.
func (s *s3Server) where(ctx context.Context) (string, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.region != "" {
		return s.region, nil
	}
	res, err := s.ask(ctx, s3Request{method: http.MethodGet, query: "location="}, firstRegion)
	var said *s3Refusal
	switch {
	case err == nil:
		var location struct {
			Region string `xml:",chardata"`
		}
		err = xml.NewDecoder(io.LimitReader(res.Body, s3Said)).Decode(&location)
		res.Body.Close()
		if err != nil {
			return "", err
		}
		if s.region = cmp.Or(strings.TrimSpace(location.Region), firstRegion); s.region == "EU" { // the oldest buckets there
			s.region = "eu-west-1"
		}
	case errors.As(err, &said) && said.Code != noSuchBucket && !passing(err): // it may keep this from us and let us do the rest
		s.region = cmp.Or(said.Region, firstRegion)
	default:
		return "", err
	}
	return s.region, nil
}
