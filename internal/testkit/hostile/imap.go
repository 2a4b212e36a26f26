package hostile

import (
	"bufio"
	"encoding/base64"
	"fmt"
	"net"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"
)

// Steps of IMAP, in their order.
const (
	Greeting   Step = "greeting"
	Capability Step = "CAPABILITY"
	Login      Step = "LOGIN"
	Examine    Step = "EXAMINE"
	Search     Step = "SEARCH"
	Name       Step = "FETCH names"
	List       Step = "FETCH sizes"
	Fetch      Step = "FETCH bodies"
	Idle       Step = "IDLE"
)

// IMAPSteps are the steps at which fetching can fail.
var IMAPSteps = []Step{Greeting, Capability, Login, Examine, Search, Name, List, Fetch, Idle}

// Tricks of the IMAP server, beside Reset, Hang and tagged answers such as
// "NO try later" and "BAD what?".
const (
	Nonsense     = "nonsense"      // bytes that are no answer
	Bye          = "bye"           // ends the session politely
	Renumber     = "renumber"      // new UIDVALIDITY and UIDs, in the middle of a session
	Twice        = "twice"         // Search, Name, List, Fetch: says everything twice
	Backwards    = "backwards"     // Search, Name, List, Fetch: the last comes first
	Silent       = "silent"        // Search, Name, List, Fetch: claims success and leaves out the first mail
	Stranger     = "stranger"      // Search, Name, List, Fetch: names a mail that nobody has asked for
	ShortLiteral = "short literal" // Fetch: announces fewer bytes than it sends
	LongLiteral  = "long literal"  // Fetch: announces more bytes than it sends
	TornLiteral  = "torn literal"  // Fetch: breaks off in the middle of a mail
	Emptied      = "emptied"       // Fetch: hands over mails of no bytes
)

// IMAP is a server with one mailbox, INBOX, for anybody.
type IMAP struct {
	server
	mails    []kept
	next     uint32
	validity uint32
	fetched  int
}

type kept struct {
	uid uint32
	raw []byte
	at  time.Time
}

// StartIMAP starts a server with an empty mailbox; it ends with the test.
func StartIMAP(t testing.TB) *IMAP {
	t.Helper()
	s := &IMAP{next: 1, validity: 1_700_000_000}
	s.start(t, s.dialogue)
	return s
}

// Deliver puts mails into the mailbox.
func (s *IMAP) Deliver(raw ...[]byte) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, r := range raw {
		s.mails = append(s.mails, kept{s.next, r, time.Now()})
		s.next++
	}
}

// Renumber gives every mail another UID, in another order, under a new UIDVALIDITY.
func (s *IMAP) Renumber() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.renumber()
}

func (s *IMAP) renumber() {
	s.validity++
	s.next = 1
	slices.Reverse(s.mails)
	for i := range s.mails {
		s.mails[i].uid = s.next
		s.next++
	}
}

// Fetched is how many bodies it has begun to hand over.
func (s *IMAP) Fetched() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.fetched
}

// session is one connection.
type session struct {
	*IMAP
	conn net.Conn
	r    *bufio.Reader
	told int // mails the client has heard of
	in   bool
}

func (s *IMAP) dialogue(conn net.Conn, r *bufio.Reader) {
	v := &session{IMAP: s, conn: conn, r: r}
	if !v.answer(Greeting, "*", func(string) string { return "" }) {
		return
	}
	for {
		line, err := r.ReadString('\n')
		if err != nil {
			return
		}
		tag, rest, _ := strings.Cut(strings.TrimSpace(line), " ")
		if !v.command(tag, rest) {
			return
		}
	}
}

func (v *session) command(tag, rest string) bool {
	verb, args, _ := strings.Cut(rest, " ")
	if verb = strings.ToUpper(verb); verb == "UID" {
		verb, args, _ = strings.Cut(args, " ")
		verb = strings.ToUpper(verb)
	}
	switch {
	case verb == "CAPABILITY":
		return v.answer(Capability, tag, func(string) string {
			if v.bearer() != "" {
				return "* CAPABILITY IMAP4rev1 IDLE LOGINDISABLED AUTH=" + v.bearer() + "\r\n"
			}
			return "* CAPABILITY IMAP4rev1 IDLE\r\n"
		})
	case verb == "AUTHENTICATE":
		return v.authenticate(tag, args)
	case v.bearer() != "" && !v.in && verb != "LOGOUT":
		return v.say(tag + " NO sign in first\r\n")
	case verb == "LOGIN":
		return v.answer(Login, tag, func(string) string { return "" })
	case verb == "EXAMINE" || verb == "SELECT":
		return v.answer(Examine, tag, v.folder)
	case verb == "SEARCH":
		return v.answer(Search, tag, func(trick string) string { return v.search(args, trick) })
	case verb == "FETCH" && strings.Contains(args, "BODY"):
		return v.bodies(tag, args)
	case verb == "FETCH" && !strings.Contains(args, "RFC822.SIZE"):
		return v.answer(Name, tag, func(trick string) string { return v.names(args, trick) })
	case verb == "FETCH":
		return v.answer(List, tag, func(trick string) string { return v.sizes(args, trick) })
	case verb == "IDLE":
		return v.idle(tag)
	case verb == "LOGOUT":
		v.conn.Write([]byte("* BYE\r\n" + tag + " OK\r\n"))
		return false
	}
	return v.say(tag + " OK\r\n")
}

// authenticate lets in who has a token. To a wrong one it says why first, and
// waits for an answer, as Google does.
func (v *session) authenticate(tag, mechanism string) bool {
	if mechanism != v.bearer() {
		return v.say(tag + " NO what?\r\n")
	}
	if !v.say("+ \r\n") {
		return false
	}
	said, err := v.r.ReadString('\n')
	if err != nil {
		return false
	}
	if v.in = v.Bearer(bearerOf(mechanism, said)); v.in {
		return v.answer(Login, tag, func(string) string { return "" })
	}
	if !v.say("+ eyJzdGF0dXMiOiI0MDAifQ==\r\n") {
		return false
	}
	said, err = v.r.ReadString('\n')
	if err != nil {
		return false
	}
	if _, err := base64.StdEncoding.DecodeString(strings.TrimSpace(said)); err != nil {
		return v.say(tag + " BAD Invalid base64 data in continued response\r\n")
	}
	return v.say(tag + " NO [AUTHENTICATIONFAILED] Invalid credentials\r\n")
}

func (v *session) say(text string) bool {
	_, err := v.conn.Write([]byte(text))
	return err == nil
}

// answer says what work says, and that it is done; or what goes wrong instead.
func (v *session) answer(at Step, tag string, work func(trick string) string) bool {
	trick := v.fault(at, "")
	if over, done := v.play(trick, tag); done {
		return !over
	}
	return v.say(work(trick) + tag + " OK done\r\n")
}

// play plays the tricks that need no work.
func (v *session) play(trick, tag string) (over, done bool) {
	switch trick {
	case Reset, Hang:
		return v.breaks(v.conn, trick), true
	case Nonsense:
		return !v.say("\x00\xff){9}\r\n* (((\r\n"), true
	case Bye:
		v.say("* BYE not now\r\n")
		return true, true
	case Renumber:
		v.Renumber()
		return false, false
	}
	if verb, _, _ := strings.Cut(trick, " "); verb == "NO" || verb == "BAD" || verb == "OK" {
		return !v.say(tag + " " + trick + "\r\n"), true
	}
	return false, false
}

func (v *session) folder(string) string {
	v.mu.Lock()
	defer v.mu.Unlock()
	v.told = len(v.mails)
	return fmt.Sprintf("* %d EXISTS\r\n* FLAGS ()\r\n* OK [UIDVALIDITY %d] ok\r\n* OK [UIDNEXT %d] ok\r\n", len(v.mails), v.validity, v.next)
}

// among are the mails of a set such as 3:7,9 or 12:*, as the trick wants them.
func (v *session) among(set, trick string) []kept {
	v.mu.Lock()
	defer v.mu.Unlock()
	var list []kept
	for part := range strings.SplitSeq(set, ",") {
		low, high, _ := strings.Cut(part, ":")
		a, b := v.number(low), v.number(low)
		if high != "" {
			b = v.number(high)
		}
		a, b = min(a, b), max(a, b)
		from, _ := slices.BinarySearchFunc(v.mails, a, func(m kept, uid uint32) int { return int(m.uid) - int(uid) })
		for _, m := range v.mails[from:] {
			if m.uid > b {
				break
			}
			list = append(list, m)
		}
	}
	switch {
	case len(list) == 0:
	case trick == Twice:
		list = append(list, list...)
	case trick == Backwards:
		slices.Reverse(list)
	case trick == Silent:
		list = list[1:]
	case trick == Stranger:
		list = append(list, kept{v.next + 1000, []byte("Subject: nobody asked\r\n\r\n"), time.Now()})
	}
	return list
}

// number is a UID, * the highest there is.
func (v *session) number(s string) uint32 {
	if s != "*" {
		n, _ := strconv.ParseUint(s, 10, 32)
		return uint32(n)
	}
	if len(v.mails) == 0 {
		return 0
	}
	return v.mails[len(v.mails)-1].uid
}

func (v *session) search(args, trick string) string {
	var b strings.Builder
	b.WriteString("* SEARCH")
	for _, m := range v.among(args[strings.LastIndexByte(args, ' ')+1:], trick) {
		fmt.Fprintf(&b, " %d", m.uid)
	}
	return b.String() + "\r\n"
}

func (v *session) names(args, trick string) string {
	set, _, _ := strings.Cut(args, " ")
	var b strings.Builder
	for i, m := range v.among(set, trick) {
		fmt.Fprintf(&b, "* %d FETCH (UID %d)\r\n", i+1, m.uid)
	}
	return b.String()
}

func (v *session) sizes(args, trick string) string {
	set, _, _ := strings.Cut(args, " ")
	var b strings.Builder
	for i, m := range v.among(set, trick) {
		fmt.Fprintf(&b, "* %d FETCH (UID %d RFC822.SIZE %d INTERNALDATE \"%s\")\r\n", i+1, m.uid, len(m.raw), m.at.Format("_2-Jan-2006 15:04:05 -0700"))
	}
	return b.String()
}

// bodies hands over mails, and lies about their length as it is told.
func (v *session) bodies(tag, args string) bool {
	trick := v.fault(Fetch, "")
	if over, done := v.play(trick, tag); done {
		return !over
	}
	set, _, _ := strings.Cut(args, " ")
	limit := partial(args)
	for i, m := range v.among(set, trick) {
		raw := m.raw[:min(len(m.raw), limit)]
		length := len(raw)
		switch trick {
		case ShortLiteral:
			length -= min(length, 7)
		case LongLiteral:
			length += 50
		case Emptied:
			raw, length = nil, 0
		}
		v.mu.Lock()
		v.fetched++
		v.mu.Unlock()
		head := fmt.Sprintf("* %d FETCH (UID %d BODY[]<0> {%d}\r\n", i+1, m.uid, length)
		if trick == TornLiteral && (i > 0 || set == strconv.Itoa(int(m.uid))) {
			v.say(head + string(raw[:len(raw)/2]))
			reset(v.conn)
			return false
		}
		if !v.say(head + string(raw) + ")\r\n") {
			return false
		}
	}
	return v.say(tag + " OK done\r\n")
}

// partial is the number of bytes asked for, as in BODY.PEEK[]<0.65537>.
func partial(args string) int {
	_, rest, ok := strings.Cut(args, "<0.")
	digits, _, _ := strings.Cut(rest, ">")
	n, err := strconv.Atoi(digits)
	if !ok || err != nil {
		return 1 << 40
	}
	return n
}

// idle waits with the client until it is done, and tells it of new mail.
func (v *session) idle(tag string) bool {
	trick := v.fault(Idle, "")
	if over, done := v.play(trick, tag); done {
		return !over
	}
	if !v.say("+ idling\r\n") {
		return false
	}
	done := make(chan bool, 1)
	go func() {
		_, err := v.r.ReadString('\n')
		done <- err == nil
	}()
	for {
		select {
		case ok := <-done:
			return ok && v.say(tag+" OK done\r\n")
		case <-time.After(5 * time.Millisecond):
		}
		v.mu.Lock()
		n := len(v.mails)
		v.mu.Unlock()
		if n != v.told && !v.say(fmt.Sprintf("* %d EXISTS\r\n", n)) {
			return false
		}
		v.told = n
	}
}
