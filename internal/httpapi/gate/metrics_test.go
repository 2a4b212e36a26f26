package gate

import (
	"bytes"
	"context"
	"net/http/httptest"
	"regexp"
	"strings"
	"testing"
	"time"
)

// line is a line of Prometheus's text format: a remark, or a series and its value.
var line = regexp.MustCompile(`^(?:# (?:HELP|TYPE) [a-z_]+ .+|[a-z_]+(?:\{[a-z]+="(?:[^"\\]|\\.)*"(?:, ?[A-Za-z]+="(?:[^"\\]|\\.)*")*\})? [0-9.e+-]+)$`)

func TestNumbersAreInPrometheusesForm(t *testing.T) {
	m := newMetrics(func(context.Context) []Gauge {
		return []Gauge{
			{Name: "rapport_mails", Help: "Mails by state.", Labels: map[string]string{"state": "applied"}, Value: 7},
			{Name: "rapport_live_sockets", Help: "Open streams.", Value: 3},
			{Name: "rapport_mails", Help: "Mails by state.", Labels: map[string]string{"state": `a "new" one\`}, Value: 1},
		}
	})
	r := httptest.NewRequest("GET", "/api/v1/conversations/7", nil)
	r.Pattern = "GET /api/v1/conversations/{id}"
	for _, took := range []time.Duration{time.Millisecond, 2 * time.Millisecond, 20 * time.Second} {
		m.measure(r, 200, took)
	}
	m.measure(httptest.NewRequest("BREW", "/pot", nil), 404, time.Second)
	m.measure(r, 101, time.Hour)

	var text bytes.Buffer
	m.write(context.Background(), &text)
	for l := range strings.Lines(text.String()) {
		if !line.MatchString(strings.TrimSuffix(l, "\n")) {
			t.Errorf("no line of the form: %q", l)
		}
	}
	for _, want := range []string{
		"# TYPE rapport_http_seconds histogram\n",
		`rapport_http_seconds_bucket{le="0.001",method="GET",route="/api/v1/conversations/{id}",status="2xx"} 1` + "\n",
		`rapport_http_seconds_bucket{le="0.003",method="GET",route="/api/v1/conversations/{id}",status="2xx"} 2` + "\n",
		`rapport_http_seconds_bucket{le="10",method="GET",route="/api/v1/conversations/{id}",status="2xx"} 2` + "\n",
		`rapport_http_seconds_bucket{le="+Inf",method="GET",route="/api/v1/conversations/{id}",status="2xx"} 3` + "\n",
		`rapport_http_seconds_count{method="GET",route="/api/v1/conversations/{id}",status="2xx"} 3` + "\n",
		`rapport_http_seconds_sum{method="GET",route="/api/v1/conversations/{id}",status="2xx"} 20.003` + "\n",
		`rapport_http_seconds_count{method="other",route="other",status="4xx"} 1` + "\n",
		"# TYPE rapport_mails gauge\nrapport_mails{state=\"applied\"} 7\nrapport_mails{state=\"a \\\"new\\\" one\\\\\"} 1\n",
		"rapport_live_sockets 3\n",
		"\nprocess_resident_memory_bytes ", "\ngo_goroutines ",
	} {
		if !strings.Contains(text.String(), want) {
			t.Errorf("%q is missing", want)
		}
	}
	if n := strings.Count(text.String(), "TYPE rapport_mails "); n != 1 {
		t.Errorf("rapport_mails is introduced %d times", n)
	}
}
