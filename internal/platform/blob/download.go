package blob

import (
	"context"
	"encoding/hex"
	"errors"
	"hash"
	"io"
	"net/http"
	"strconv"
	"time"

	"rapport/internal/platform/fault"
)

// download reads a body of an S3 server. It may stop anywhere and go on
// elsewhere; a connection that breaks is made again, for the same version of
// the body.
type download struct {
	ctx  context.Context
	from *s3Server
	key  string
	etag string
	size int64
	want string // its SHA-256; empty: nobody has said

	at     int64 // of the next byte
	body   io.ReadCloser
	cancel context.CancelFunc
	tries  int // in a row that brought nothing

	sum    hash.Hash // of the bytes from the first on,
	summed int64     // and how many these are
}

func (d *download) Read(p []byte) (int, error) {
	for {
		if d.at >= d.size {
			return 0, io.EOF
		}
		n, err := d.more(p)
		if n > 0 {
			d.tries = 0
			return d.took(p[:n])
		}
		d.stop()
		d.tries++
		if fault.Is(err, fault.NotFound) || d.tries >= s3Tries || d.ctx.Err() != nil {
			return 0, err
		}
	}
}

// more reads from the server, where it was or anew.
func (d *download) more(p []byte) (int, error) {
	const op = "blob.S3.Read"
	if d.body == nil {
		if err := d.start(); err != nil {
			return 0, s3Fault(op, err)
		}
	}
	watch := time.AfterFunc(s3Quiet, d.cancel)
	n, err := d.body.Read(p)
	watch.Stop()
	if n == 0 && (err == nil || err == io.EOF) {
		err = io.ErrUnexpectedEOF
	}
	return n, s3Fault(op, err)
}

func (d *download) start() error {
	header := http.Header{"If-Match": {d.etag}}
	if d.at > 0 {
		header.Set("Range", "bytes="+strconv.FormatInt(d.at, 10)+"-")
	}
	ctx, cancel := context.WithCancel(d.ctx)
	res, err := d.from.do(ctx, s3Request{method: http.MethodGet, key: d.key, header: header})
	if err == nil && d.at > 0 && res.StatusCode != http.StatusPartialContent {
		res.Body.Close()
		err = errors.New("blob: the S3 server sends a file from its beginning, which was asked for from further on")
	}
	if err != nil {
		cancel()
		return err
	}
	d.body, d.cancel = res.Body, cancel
	return nil
}

func (d *download) stop() {
	if d.body != nil {
		d.cancel()
		d.body.Close()
		d.body = nil
	}
}

// took counts what was read. Whoever reads a body from end to end learns
// before its last bytes when they are not the ones that were sent.
func (d *download) took(p []byte) (int, error) {
	inOrder := d.summed == d.at
	d.at += int64(len(p))
	if !inOrder {
		return len(p), nil
	}
	d.sum.Write(p)
	if d.summed = d.at; d.summed == d.size && d.want != "" && hex.EncodeToString(d.sum.Sum(nil)) != d.want {
		return 0, fault.New("blob.S3.Read", fault.Internal, "This file is damaged in the file store. Restoring a backup brings it back.")
	}
	return len(p), nil
}

func (d *download) Seek(offset int64, whence int) (int64, error) {
	switch whence {
	case io.SeekCurrent:
		offset += d.at
	case io.SeekEnd:
		offset += d.size
	}
	if offset < 0 {
		return d.at, errors.New("blob: seek before the beginning")
	}
	if offset != d.at {
		d.stop()
	}
	if d.at = offset; offset == 0 {
		d.sum.Reset()
		d.summed = 0
	}
	return offset, nil
}

func (d *download) Close() error {
	d.stop()
	return nil
}
