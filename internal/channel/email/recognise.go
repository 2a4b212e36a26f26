package email

import (
	"context"
	"net"
	"strconv"
	"sync"
	"time"

	"rapport/internal/channel"
	"rapport/internal/channel/email/provider"
)

// guessTime bounds the search for the servers of a provider nobody knows.
const guessTime = 8 * time.Second

// Recognise finds the provider of an address. Of one that is not known it tries
// the usual servers, without signing in.
func (a *Adapter) Recognise(ctx context.Context, address string) channel.Recognition {
	ctx, cancel := context.WithTimeout(ctx, guessTime)
	defer cancel()
	found := channel.Recognition{Username: address, Password: string(provider.OwnPassword)}
	p, mx, ok := provider.Of(ctx, a.guard.Resolver(), address)
	if ok {
		found = channel.Recognition{Provider: p.Key, Name: p.Name, MX: mx, Password: string(p.Password), Link: p.Link, Username: p.User(address)}
		if p.OAuth != nil {
			found.OAuth = p.OAuth.Name
		}
	}
	if p.IMAP.Host != "" {
		found.IMAP, found.SMTP = server(p.IMAP), server(p.SMTP)
		return found
	}
	imap, smtp := provider.Guesses(ctx, a.guard.Resolver(), address)
	var running sync.WaitGroup
	running.Go(func() { found.IMAP = first(ctx, imap, a.answersIMAP) })
	running.Go(func() { found.SMTP = first(ctx, smtp, a.answersSMTP) })
	running.Wait()
	return found
}

func server(s provider.Server) *channel.Server {
	return &channel.Server{Host: s.Host, Port: s.Port, Security: s.Security}
}

// first is the first of the servers that answers: all are asked at once, and
// the likelier ones are waited for.
func first(ctx context.Context, list []provider.Server, answers func(ctx context.Context, s channel.Server) bool) *channel.Server {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	verdicts := make([]chan bool, len(list))
	for i, s := range list {
		verdicts[i] = make(chan bool, 1)
		go func() { verdicts[i] <- answers(ctx, *server(s)) }()
	}
	for i, verdict := range verdicts {
		if <-verdict {
			return server(list[i])
		}
	}
	return nil
}

// answersIMAP tells whether an encrypted session with the server begins.
func (a *Adapter) answersIMAP(ctx context.Context, s channel.Server) bool {
	box, err := dialIMAP(ctx, a.guard, nil, s)
	if err != nil {
		return false
	}
	box.Close()
	return true
}

func (a *Adapter) answersSMTP(ctx context.Context, s channel.Server) bool {
	conn, err := a.guard.DialContext(ctx, "tcp", net.JoinHostPort(s.Host, strconv.Itoa(s.Port)))
	if err != nil {
		return false
	}
	defer conn.Close()
	defer context.AfterFunc(ctx, func() { conn.Close() })()
	_, err = greetSMTP(ctx, conn, s)
	return err == nil
}
