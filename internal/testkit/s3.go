package testkit

import (
	"fmt"
	"os"
	"path/filepath"
	"testing"
)

// S3 is a real S3 server with a folder and a port of its own. A bucket is a
// folder in Folder, an object a file in that.
type S3 struct {
	peer
	Folder      string
	Port        int
	Key, Secret string
	Region      string
}

// StartS3 starts a server with the given empty buckets and ends it with the
// test.
func StartS3(t testing.TB, buckets ...string) *S3 {
	t.Helper()
	s := &S3{Folder: t.TempDir(), Port: freePort(t), Key: "rapport", Secret: "secret-of-the-shop", Region: "eu-harbour-1"}
	for _, b := range buckets {
		if err := os.Mkdir(filepath.Join(s.Folder, b), 0o755); err != nil {
			t.Fatal(err)
		}
	}
	s.peer = peer{t: t, name: "versitygw", up: func() bool { return answers(s.Address()) },
		args: []string{"--port", s.Address(), "--access", s.Key, "--secret", s.Secret, "--region", s.Region, "--quiet", "posix", s.Folder}}
	s.Start()
	t.Cleanup(s.Stop)
	return s
}

func (s *S3) Address() string  { return fmt.Sprintf("127.0.0.1:%d", s.Port) }
func (s *S3) Endpoint() string { return "http://" + s.Address() }
