package app

import (
	"context"
	"encoding/hex"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"os"
	"path/filepath"
	"strings"
	"time"

	"rapport/internal/platform/blob"
	"rapport/internal/platform/config"
	"rapport/internal/platform/fault"
	"rapport/internal/platform/node"
	"rapport/internal/platform/outbound"
	"rapport/internal/platform/secret"
)

// installation names what all nodes of one database have in common to those
// who share a NATS server with it. Only who has the key can tell it.
func installation(key *secret.Key) string { return hex.EncodeToString(key.MAC("installation")[:10]) }

// files is where large files are kept: an S3 server, or the data folder.
func files(c config.Config) (blob.Backend, error) {
	if c.S3.Endpoint == "" {
		return blob.NewFolder(filepath.Join(c.Data, blobsFolder)), nil
	}
	// The administrator names this server, so it may be in a private network.
	guard := outbound.New(outbound.Anywhere, outbound.NewResolver(c.DNS))
	over := guard.Client(outbound.Limits{Connect: 5 * time.Second}).Transport
	s3, err := blob.NewS3(blob.Bucket{Endpoint: c.S3.Endpoint, Name: c.S3.Bucket, Key: c.S3.Key, Secret: c.S3.Secret, Region: c.S3.Region}, over)
	if err != nil {
		return nil, fault.As("app.files", fault.Invalid, "RAPPORT_S3_ENDPOINT must be an address without a path, as in https://s3.example.com.", err)
	}
	return s3, nil
}

// blobsFolder is where large files are in the data folder.
const blobsFolder = "blobs"

// checkFiles refuses a start with a store that cannot be used, and says why. A
// server that is on its way up is waited for.
func (a *App) checkFiles(ctx context.Context) error {
	const op = "app.checkFiles"
	s3, ok := a.files.(blob.S3)
	if !ok {
		return nil
	}
	if left, _ := os.ReadDir(filepath.Join(a.Config.Data, blobsFolder)); len(left) > 0 {
		slog.Warn("the data folder holds files that are looked for in the S3 server; copy them there, each under the name it has in the folder", "folder", filepath.Join(a.Config.Data, blobsFolder))
	}
	err := s3.Check(ctx)
	for end := time.Now().Add(filesPatience); fault.Is(err, fault.Unavailable) && time.Now().Before(end) && ctx.Err() == nil; err = s3.Check(ctx) {
		slog.Warn("the S3 server does not answer yet", "endpoint", a.Config.S3.Endpoint, "error", err)
		select {
		case <-ctx.Done():
		case <-time.After(time.Second):
		}
	}
	at := a.Config.S3.Endpoint
	switch {
	case err == nil:
		return nil
	case fault.Is(err, fault.NotFound):
		return fault.As(op, fault.Invalid, fmt.Sprintf("The S3 server %s has no bucket %q. Make it there, or correct RAPPORT_S3_BUCKET.", at, a.Config.S3.Bucket), err)
	case fault.Is(err, fault.Forbidden):
		return fault.As(op, fault.Invalid, fmt.Sprintf("The S3 server %s refuses to put, read and delete files in the bucket %q. Check RAPPORT_S3_KEY, RAPPORT_S3_SECRET and RAPPORT_S3_REGION, and what this key may do. It says: %s", at, a.Config.S3.Bucket, cause(err)), err)
	}
	return fault.As(op, fault.Unavailable, fmt.Sprintf("The S3 server %s does not answer as it should: %s. Start it first, or correct RAPPORT_S3_ENDPOINT.", at, cause(err)), err)
}

// filesPatience is how long a start waits for the S3 server.
const filesPatience = 15 * time.Second

// cause is the innermost error, which a server or the system has worded.
func cause(err error) string {
	for {
		inner := errors.Unwrap(err)
		if inner == nil {
			return strings.TrimSuffix(err.Error(), ".")
		}
		err = inner
	}
}

// shared reports whether the settings let several nodes serve one database.
func shared(c config.Config) bool {
	return c.DatabaseURL != "" && c.NATSURL != "" && c.S3.Endpoint != ""
}

// sit makes this process one of those that serve the database, or refuses with
// words for the administrator.
func (a *App) sit(ctx context.Context, version string) error {
	const op = "app.sit"
	var err error
	if a.seat, err = a.DB.Sit(ctx, shared(a.Config)); fault.Is(err, fault.Conflict) {
		return fault.As(op, fault.Conflict, beside(a.Config), err)
	}
	if err != nil {
		return fault.Wrap(op, err)
	}
	place := "the data folder"
	if s3 := a.Config.S3; s3.Endpoint != "" {
		place = s3.Endpoint + "/" + s3.Bucket
	}
	a.nodes = node.New(a.DB, a.clock, nodeName(a.Config.Listen), version, place)
	if err := a.nodes.Join(ctx, a.seat.First); err != nil {
		a.seat.Leave(context.WithoutCancel(ctx))
		return fault.Wrap(op, err)
	}
	a.succeed(ctx)
	a.deafen = a.Bus.Subscribe(hereSubject, func(data []byte) { a.heard.Store(string(data), a.clock.Now()) })
	return nil
}

// lifeFile names the node that has served from this folder last.
const lifeFile = "node"

// succeed frees at once what an earlier life of this node has held, if it was
// killed: the lock on the data folder proves that it is over. Nodes of other
// folders wait for the end of its leases.
func (a *App) succeed(ctx context.Context) {
	if a.Config.DatabaseURL == "" {
		return // on SQLite everything left is swept away
	}
	file := filepath.Join(a.Config.Data, lifeFile)
	before, err := os.ReadFile(file)
	if err == nil {
		err = a.nodes.Bury(ctx, strings.TrimSpace(string(before)))
	}
	if err == nil || errors.Is(err, os.ErrNotExist) {
		err = os.WriteFile(file, []byte(a.nodes.Me().ID+"\n"), 0o600)
	}
	if err != nil {
		slog.Warn("what an earlier life of this node has held is free when its time is over", "error", err)
	}
}

// beside is why a database that others serve cannot be served too.
func beside(c config.Config) string {
	if shared(c) {
		return "Another Rapport serves this database alone: it was started without RAPPORT_NATS_URL or without RAPPORT_S3_ENDPOINT. " +
			"Start it again with both, as this one has them, or stop it."
	}
	var lacks []string
	if c.NATSURL == "" {
		lacks = append(lacks, "RAPPORT_NATS_URL, so that the nodes hear of each other's news")
	}
	if c.S3.Endpoint == "" {
		lacks = append(lacks, "RAPPORT_S3_ENDPOINT, because files in the data folder of one node are missing on the others")
	}
	return "Another Rapport serves this database already. Several nodes need " + strings.Join(lacks, ", and ") +
		". Set it on every node (docs/running.md, Several machines), or stop the other one first."
}

// nodeName is what people call this node: its machine and port.
func nodeName(listen string) string {
	host, err := os.Hostname()
	if err != nil {
		host = "node"
	}
	if _, port, err := net.SplitHostPort(listen); err == nil {
		host += ":" + port
	}
	return host
}

// hereSubject is rung by every node from time to time, with its id.
const hereSubject = "node.here"

// keep renews what makes this process a node, until ctx ends; lost is told when
// another process has taken its seat.
func (a *App) keep(ctx context.Context, lost func(error)) {
	tell := func() { a.Bus.Publish(hereSubject, []byte(a.nodes.Me().ID)) }
	tell()
	err := a.nodes.Run(ctx, func(ctx context.Context) error {
		tell()
		ctx, cancel := context.WithTimeout(ctx, patience)
		defer cancel()
		return a.seat.Keep(ctx)
	})
	if err != nil {
		slog.Error("another process serves this database alone; this one ends", "error", err)
		lost(fault.As("app.keep", fault.Conflict, "Another Rapport has taken this database while the connection to it was lost. This one ends.", err))
	}
}

// leave hands on at once what this node has held.
func (a *App) leave() {
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	a.deafen()
	a.Jobs.Release()
	if err := a.nodes.Leave(ctx); err != nil {
		slog.Warn("leaving the other nodes", "error", err) // they notice by themselves
	}
	a.seat.Leave(ctx)
}

// others is how many other nodes are alive.
func (a *App) others(ctx context.Context) (n int) {
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	all, _ := a.nodes.All(ctx)
	for _, v := range all {
		if v.Alive && v.ID != a.nodes.Me().ID {
			n++
		}
	}
	return n
}

// How long the health page waits for another machine; and how long whoever asks
// for readiness: a balancer that gave up waiting would take all nodes for dead.
const (
	patience = 3 * time.Second
	hurry    = 300 * time.Millisecond
)

// remarks are what whoever asks for readiness should know besides: the node
// works, though not at its best.
func (a *App) remarks(ctx context.Context) (all []string) {
	if a.nats != nil && !a.rings(ctx, hurry) {
		all = append(all, "NATS does not answer: news of other nodes comes up to a second late")
	}
	return all
}

func (a *App) rings(ctx context.Context, limit time.Duration) bool {
	ctx, cancel := context.WithTimeout(ctx, limit)
	defer cancel()
	return a.nats.Check(ctx) == nil
}
