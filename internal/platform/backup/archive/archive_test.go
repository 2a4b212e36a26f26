package archive

import (
	"bytes"
	"compress/gzip"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io"
	"math/rand/v2"
	"reflect"
	"runtime"
	"strings"
	"testing"
	"time"

	"rapport/internal/platform/fault"
)

var tables = []Table{
	{"people", []Column{{"id", Int}, {"name", Text}, {"blocked", Bool}}},
	{"empty", []Column{{"id", Int}}},
	{"things", []Column{{"id", Int}, {"content", Bytes}, {"note", Text}}},
}

func head() Head {
	return Head{Version: "1.2.3", Engine: "sqlite", Schema: 7, CreatedAt: time.Date(2026, 11, 22, 3, 0, 0, 0, time.UTC), Key: "0123456789abcdef", WithKey: true, Tables: tables}
}

// kept is a target that remembers everything.
type kept struct {
	head  Head
	key   string
	rows  map[string][][]any
	files map[string]string
}

func (k *kept) Begin(h Head) error    { k.head = h; return nil }
func (k *kept) Key(text []byte) error { k.key = string(text); return nil }
func (k *kept) Row(t int, v []any) error {
	if k.rows == nil {
		k.rows = map[string][][]any{}
	}
	name := k.head.Tables[t].Name
	k.rows[name] = append(k.rows[name], v)
	return nil
}
func (k *kept) File(key string, _ int64, r io.Reader) error {
	content, err := io.ReadAll(r)
	if k.files == nil {
		k.files = map[string]string{}
	}
	k.files[key] = string(content)
	return err
}

func fileKey(content string, id int) string {
	sum := sha256.Sum256([]byte(content))
	return fmt.Sprintf("7/%s.%d", hex.EncodeToString(sum[:]), id)
}

var people = [][]any{{int64(1), "Hanna", false}, {int64(2), "한나", true}, {int64(-1 << 62), "", nil}}
var things = [][]any{{int64(5), []byte{0, 1, 0xff}, "not \xff UTF-8\x00"}, {int64(6), []byte{}, strings.Repeat("long ", 300)}}

// sample is a small archive with everything in it.
func sample(t testing.TB, more func(*Writer) error) []byte {
	t.Helper()
	var b bytes.Buffer
	w, err := NewWriter(&b, head())
	must := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	must(err)
	must(w.Key([]byte("the key")))
	for _, row := range people {
		must(w.Row(0, row))
	}
	for _, row := range things {
		must(w.Row(2, row))
	}
	for i, content := range []string{"a large file", "", strings.Repeat("x", 1024)} {
		must(w.File(fileKey(content, i), int64(len(content)), strings.NewReader(content)))
	}
	if more != nil {
		must(more(w))
	}
	_, err = w.Close(12345)
	must(err)
	return b.Bytes()
}

func TestWhatIsWrittenIsRead(t *testing.T) {
	t.Parallel()
	var k kept
	h, m, err := Read(bytes.NewReader(sample(t, nil)), &k)
	if err != nil {
		t.Fatal(err)
	}
	if want := head(); h.Format != Format || h.Version != want.Version || !h.CreatedAt.Equal(want.CreatedAt) || !reflect.DeepEqual(h.Tables, tables) {
		t.Errorf("head: %+v", h)
	}
	if !reflect.DeepEqual(k.rows["people"], people) || !reflect.DeepEqual(k.rows["things"], things) || len(k.rows["empty"]) > 0 {
		t.Errorf("rows: %.300v", k.rows)
	}
	if k.key != "the key" || len(k.files) != 3 || k.files[fileKey("a large file", 0)] != "a large file" {
		t.Errorf("key %q, files %.300v", k.key, k.files)
	}
	if m.HighestID != 12345 || m.Rows() != 5 || m.RowsOf("people") != 3 || m.Files != 3 || m.LostFiles != 0 {
		t.Errorf("manifest: %+v", m)
	}
}

func TestManyPiecesAreOneTable(t *testing.T) {
	t.Parallel()
	var b bytes.Buffer
	h := head()
	h.WithKey = false
	w, err := NewWriter(&b, h)
	if err != nil {
		t.Fatal(err)
	}
	random := rand.New(rand.NewPCG(1, 2))
	const rows = 400
	for i := range rows {
		content := make([]byte, random.IntN(100_000))
		for j := range content {
			content[j] = byte(random.Uint32())
		}
		if err := w.Row(2, []any{int64(i), content, ""}); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := w.Close(1); err != nil {
		t.Fatal(err)
	}
	var k kept
	if _, m, err := Read(&b, &k); err != nil || len(k.rows["things"]) != rows || m.Tables[2].Pieces < 3 {
		t.Errorf("%d rows in %+v, %v", len(k.rows["things"]), m.Tables, err)
	}
}

// A file that the store had damaged is kept as it is and told of; it does not
// make the archive a bad one.
func TestALostFileIsTold(t *testing.T) {
	t.Parallel()
	damagedBefore := sample(t, func(w *Writer) error {
		w.Lose("7/missing")
		return w.File(fileKey("as it was", 9), 9, strings.NewReader("as it is."))
	})
	_, m, err := Read(bytes.NewReader(damagedBefore), Only{})
	if err != nil || m.LostFiles != 2 || len(m.Lost) != 2 {
		t.Errorf("%+v, %v", m, err)
	}
}

// refused checks that an archive is refused in words.
func refused(t *testing.T, what string, b []byte) {
	t.Helper()
	_, _, err := Read(bytes.NewReader(b), Only{})
	if !fault.Is(err, fault.Invalid) || !strings.HasPrefix(fault.MessageOf(err), "This ") {
		t.Errorf("%s: %v", what, err)
	}
}

func TestSQL13EveryFlippedByteIsRefused(t *testing.T) {
	t.Parallel()
	good := sample(t, nil)
	random := rand.New(rand.NewPCG(3, 4))
	for at := range good {
		bad := bytes.Clone(good)
		bad[at] ^= byte(1 + random.IntN(255))
		refused(t, fmt.Sprintf("byte %d of %d", at, len(good)), bad)
	}
}

func TestSQL13EveryCutIsRefused(t *testing.T) {
	t.Parallel()
	good := sample(t, nil)
	for at := range good {
		refused(t, fmt.Sprintf("%d of %d bytes", at, len(good)), good[:at])
	}
	refused(t, "a byte more", append(bytes.Clone(good), 0))
	refused(t, "twice", append(bytes.Clone(good), good...))
}

func TestEntriesMovedAboutAreRefused(t *testing.T) {
	t.Parallel()
	good := sample(t, nil)
	random := rand.New(rand.NewPCG(5, 6))
	blocks := len(good) / blockSize
	for round := range 500 {
		bad := bytes.Clone(good)
		from, to, n := random.IntN(blocks), random.IntN(blocks), 1+random.IntN(4)
		switch round % 3 {
		case 0: // copied over another place
			copy(bad[to*blockSize:], good[from*blockSize:min(len(good), (from+n)*blockSize)])
		case 1: // left out
			bad = append(bad[:from*blockSize], good[min(len(good), (from+n)*blockSize):]...)
		case 2: // put in twice
			bad = append(bad[:from*blockSize:from*blockSize], append(bytes.Clone(good[to*blockSize:min(len(good), (to+n)*blockSize)]), good[from*blockSize:]...)...)
		}
		if !bytes.Equal(bad, good) {
			refused(t, fmt.Sprintf("round %d", round), bad)
		}
	}
}

// forged is an archive whose sums are right, but not what is in it.
func forged(t *testing.T, forge func(*Writer) error) []byte {
	t.Helper()
	var b bytes.Buffer
	h := head()
	h.WithKey = false
	w, err := NewWriter(&b, h)
	if err == nil {
		err = forge(w)
	}
	if err == nil {
		_, err = w.Close(1)
	}
	if err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// piece packs raw as a piece of the table things.
func piece(w *Writer, raw io.Reader) error {
	var packed bytes.Buffer
	zip := gzip.NewWriter(&packed)
	if _, err := io.Copy(zip, raw); err != nil {
		return err
	}
	zip.Close()
	w.table = 2
	w.manifest.Tables[2].Pieces++
	w.tableSum.Write(packed.Bytes())
	return w.entry(pieceName("things", w.manifest.Tables[2].Pieces), int64(packed.Len()), &packed)
}

type endless struct{ b byte }

func (e endless) Read(p []byte) (int, error) {
	for i := range p {
		p[i] = e.b
	}
	return len(p), nil
}

func TestForgedArchivesAreRefusedAndTakeNoMemory(t *testing.T) {
	row := func(n int) []byte {
		raw, _ := appendValue(nil, Column{Kind: Int}, int64(1))
		raw, _ = appendValue(raw, Column{Kind: Bytes}, make([]byte, n))
		raw, _ = appendValue(raw, Column{Kind: Text}, "")
		return raw
	}
	length := []byte{isInt, 2, isBytes, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x7f}
	for name, forge := range map[string]func(*Writer) error{
		"a bomb of nothing":      func(w *Writer) error { return piece(w, io.LimitReader(endless{isNull}, 48<<20)) },
		"rows behind the end":    func(w *Writer) error { return piece(w, bytes.NewReader(bytes.Repeat(row(chunkSize), 3))) },
		"a length without bytes": func(w *Writer) error { return piece(w, bytes.NewReader(length)) },
		"a value of 60 MB that is not there": func(w *Writer) error {
			return piece(w, bytes.NewReader([]byte{isInt, 2, isBytes, 0x80, 0x80, 0x80, 0x1e}))
		},
		"two values of 40 MB in a row": func(w *Writer) error {
			return piece(w, bytes.NewReader(append(row(40 << 20)[:40<<20], row(40<<20)...)))
		},
		"a value of another kind": func(w *Writer) error { return piece(w, bytes.NewReader([]byte{isTrue, isNull, isNull})) },
		"an unknown value":        func(w *Writer) error { return piece(w, bytes.NewReader([]byte{99})) },
		"half a row":              func(w *Writer) error { return piece(w, bytes.NewReader([]byte{isNull, isNull})) },
		"more rows than it says":  func(w *Writer) error { return piece(w, bytes.NewReader(row(10))) },
		"fewer rows than it says": func(w *Writer) error { w.manifest.Tables[0].Rows++; return nil },
		"a file less":             func(w *Writer) error { w.manifest.Files++; return nil },
		"a table more": func(w *Writer) error {
			w.manifest.Tables = append(w.manifest.Tables, Contents{Name: "more"})
			return nil
		},
		"another schema":          func(w *Writer) error { w.manifest.Schema = 3; return nil },
		"a key that is not there": func(w *Writer) error { w.manifest.WithKey = true; return nil },
		"a key nobody spoke of":   func(w *Writer) error { return w.entry(keyName, 1, strings.NewReader("k")) },
		"a path out of the folder": func(w *Writer) error {
			return w.entry(filesName+"7/../../etc/passwd", 1, strings.NewReader("x"))
		},
		"an unknown table": func(w *Writer) error { return w.entry(pieceName("sqlite_master", 1), 1, strings.NewReader("x")) },
		"a foreign entry":  func(w *Writer) error { return w.entry("readme", 1, strings.NewReader("x")) },
		"rows after files": func(w *Writer) error {
			if err := w.File(fileKey("f", 1), 1, strings.NewReader("f")); err != nil {
				return err
			}
			return piece(w, bytes.NewReader(row(1)))
		},
		"a file that is not what its name says": func(w *Writer) error {
			w.manifest.Files, w.manifest.FileBytes = 1, 1
			return w.entry(filesName+fileKey("f", 1), 1, strings.NewReader("g"))
		},
	} {
		t.Run(name, func(t *testing.T) {
			bad := forged(t, forge)
			var before, after runtime.MemStats
			runtime.ReadMemStats(&before)
			refused(t, name, bad)
			runtime.ReadMemStats(&after)
			if took := after.TotalAlloc - before.TotalAlloc; took > 400<<20 {
				t.Errorf("it took %d MB", took>>20)
			}
		})
	}
}

func TestANewerFormIsNamed(t *testing.T) {
	t.Parallel()
	var b bytes.Buffer
	w, err := NewWriter(&b, head())
	if err != nil {
		t.Fatal(err)
	}
	b.Reset()
	h := head()
	h.Format, h.Version = Format+1, "9.0"
	if err := w.json(headName, h); err != nil {
		t.Fatal(err)
	}
	if _, _, err := Read(&b, Only{}); !fault.Is(err, fault.Invalid) || !strings.Contains(fault.MessageOf(err), "9.0") {
		t.Error(err)
	}
}

func TestWhatIsNoArchiveIsToldSo(t *testing.T) {
	t.Parallel()
	for name, text := range map[string]string{"nothing": "", "a picture": "\x89PNG" + strings.Repeat("x", 4000), "zeros": strings.Repeat("\x00", 4096)} {
		refused(t, name, []byte(text))
	}
}

func FuzzRead(f *testing.F) {
	f.Add(sample(f, nil))
	f.Add([]byte("rapport-backup.json"))
	f.Fuzz(func(t *testing.T, b []byte) {
		var k kept
		h, m, err := Read(bytes.NewReader(b), &k)
		if err != nil {
			if !fault.Is(err, fault.Invalid) || fault.MessageOf(err) == "" {
				t.Fatalf("refused without words: %v", err)
			}
			return
		}
		if int64(len(k.rows["people"])) > m.Rows() || h.Schema != m.Schema {
			t.Fatal("what was read is not what the manifest says")
		}
	})
}
