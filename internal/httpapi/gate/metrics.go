package gate

import (
	"bytes"
	"cmp"
	"context"
	"fmt"
	"io"
	"maps"
	"net"
	"net/http"
	"net/netip"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	prometheus "github.com/VictoriaMetrics/metrics"

	"rapport/internal/account"
)

// Gauge is a number that another part of the product knows.
type Gauge struct {
	Name, Help string
	Labels     map[string]string
	Value      float64
}

// metrics are the numbers for the operator's own monitoring, in Prometheus's
// form of text.
type metrics struct {
	gauges func(context.Context) []Gauge
	set    *prometheus.Set

	mu      sync.RWMutex
	answers map[kind]*durations
}

// kind is what answers are counted by.
type kind struct{ method, route, status string }

// durations is a histogram: each bucket counts what took no longer than its
// bound, the last one everything.
type durations struct {
	buckets [len(bounds) + 1]*prometheus.Counter
	count   *prometheus.Counter
	sum     *prometheus.FloatCounter
}

var histogram = Gauge{Name: "rapport_http_seconds", Help: "Time to answer, by route."}

var bounds = [...]float64{.001, .003, .01, .03, .1, .3, 1, 3, 10}

func newMetrics(gauges func(context.Context) []Gauge) *metrics {
	return &metrics{gauges: gauges, set: prometheus.NewSet(), answers: map[kind]*durations{}}
}

func (m *metrics) of(k kind) *durations {
	m.mu.RLock()
	d := m.answers[k]
	m.mu.RUnlock()
	if d != nil {
		return d
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	if d := m.answers[k]; d != nil {
		return d
	}
	name := func(part, bound string) string {
		labels := map[string]string{"method": k.method, "route": k.route, "status": k.status}
		if bound != "" {
			labels["le"] = bound
		}
		return series(histogram.Name+part, labels)
	}
	d = &durations{count: m.set.NewCounter(name("_count", "")), sum: m.set.NewFloatCounter(name("_sum", ""))}
	for i, bound := range bounds {
		d.buckets[i] = m.set.NewCounter(name("_bucket", strconv.FormatFloat(bound, 'g', -1, 64)))
	}
	d.buckets[len(bounds)] = m.set.NewCounter(name("_bucket", "+Inf"))
	m.answers[k] = d
	return d
}

// write writes all of them as they are now.
func (m *metrics) write(ctx context.Context, w io.Writer) {
	ctx, cancel := context.WithTimeout(ctx, 5*time.Second)
	defer cancel()
	prometheus.WriteProcessMetrics(w)
	head(w, "histogram", histogram)
	m.set.WritePrometheus(w)
	gauges := m.gauges(ctx)
	slices.SortStableFunc(gauges, func(a, b Gauge) int { return cmp.Compare(a.Name, b.Name) })
	for i, g := range gauges {
		if i == 0 || gauges[i-1].Name != g.Name {
			head(w, "gauge", g)
		}
		prometheus.WriteGaugeFloat64(w, series(g.Name, g.Labels), g.Value)
	}
}

func head(w io.Writer, kind string, g Gauge) {
	fmt.Fprintf(w, "# HELP %s %s\n# TYPE %s %s\n", g.Name, g.Help, g.Name, kind)
}

// series is a name with its labels.
func series(name string, labels map[string]string) string {
	if len(labels) == 0 {
		return name
	}
	var pairs []string
	for _, label := range slices.Sorted(maps.Keys(labels)) {
		pairs = append(pairs, label+"="+strconv.Quote(labels[label]))
	}
	return name + "{" + strings.Join(pairs, ",") + "}"
}

// measure counts one answer. Addresses that are no route are counted together,
// or strangers could fill the memory with names.
func (m *metrics) measure(r *http.Request, status int, took time.Duration) {
	route := patternOf(r)
	if route == "" || route == "/" {
		route = "other"
	}
	if status == http.StatusSwitchingProtocols {
		return
	}
	d := m.of(kind{Method(r), route, strconv.Itoa(status/100) + "xx"})
	for i, bound := range bounds {
		if took.Seconds() <= bound {
			d.buckets[i].Inc()
		}
	}
	d.buckets[len(bounds)].Inc()
	d.count.Inc()
	d.sum.Add(took.Seconds())
}

// Method is the method of a request, as far as it is one we know.
func Method(r *http.Request) string {
	switch r.Method {
	case "GET", "HEAD", "POST", "PUT", "PATCH", "DELETE":
		return r.Method
	}
	return "other"
}

// ServeMetrics answers the machine's own network, and admins with a key from
// anywhere.
func (g *Gate) ServeMetrics(w http.ResponseWriter, r *http.Request) {
	if !g.near(r) && !g.readsHealth(r) {
		WriteProblem(w, r, NewProblem(http.StatusForbidden, "The numbers are for the server's own network, or for an admin's API key."))
		return
	}
	var text bytes.Buffer
	g.metrics.write(r.Context(), &text)
	w.Header().Set("Content-Type", "text/plain; version=0.0.4; charset=utf-8")
	w.Write(text.Bytes())
}

// near reports whether a request comes from this machine or its network. What
// a proxy brings that nobody has named as trusted may come from anywhere.
func (g *Gate) near(r *http.Request) bool {
	brought := r.Header.Get("X-Forwarded-For") != "" || r.Header.Get("Forwarded") != ""
	if peer, _, err := net.SplitHostPort(r.RemoteAddr); brought && (err != nil || !g.trusted(peer)) {
		return false
	}
	addr, err := netip.ParseAddr(requestOf(r.Context()).ip)
	return err == nil && (addr.Unmap().IsLoopback() || addr.Unmap().IsPrivate())
}

func (g *Gate) readsHealth(r *http.Request) bool {
	info := requestOf(r.Context())
	if g.authenticate(r, info) != nil {
		return false
	}
	return g.Accounts.Allow(r.Context(), info.actor, account.HealthRead, 0) == nil
}
