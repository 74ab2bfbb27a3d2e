// What people look at: an HTTP service in Go that counts into a time-series database and asks it what is popular.
//
// Everything that it must know is in its environment: PORT, METRICS_URL and OpenTelemetry's variables.
package main

import (
	"encoding/json"
	"fmt"
	"log"
	"net/http"
	"net/url"
	"os"
	"strings"
	"time"
)

var (
	metrics = os.Getenv("METRICS_URL")
	client  = &http.Client{Timeout: 2 * time.Second, Transport: &http.Transport{MaxIdleConnsPerHost: 16}}
)

// ask sends a request to the time-series database, as a part of the trace that `span` is of.
func ask(method, path, body string, from *http.Request, span string) (*http.Response, error) {
	request, err := http.NewRequest(method, metrics+path, strings.NewReader(body))
	if err != nil {
		return nil, err
	}
	if parts := strings.Split(from.Header.Get("traceparent"), "-"); len(parts) == 4 {
		request.Header.Set("traceparent", strings.Join([]string{parts[0], parts[1], span, parts[3]}, "-"))
	}
	request.Header.Set("brownout-user", from.Header.Get("brownout-user"))
	answer, err := client.Do(request)
	if err == nil && answer.StatusCode >= 300 {
		answer.Body.Close()
		err = fmt.Errorf("the time-series database answers %s", answer.Status)
	}
	return answer, err
}

// record adds one view to the series of its user. Nobody minds one that is counted twice, so it may be asked for again.
func record(request *http.Request, span string) (any, error) {
	user := request.Header.Get("brownout-user")
	line := fmt.Sprintf("shop_views{user=%q} 1 %d\n", user, time.Now().UnixMilli())
	answer, err := ask("POST", "/api/v1/import/prometheus", line, request, span)
	if err == nil {
		answer.Body.Close()
	}
	return struct{}{}, err
}

// popular says how many views there were in the last minute.
func popular(request *http.Request, span string) (any, error) {
	query := url.QueryEscape("sum(count_over_time(shop_views[1m]))")
	answer, err := ask("GET", "/api/v1/query?query="+query, "", request, span)
	if err != nil {
		return nil, err
	}
	defer answer.Body.Close()
	var found struct {
		Data struct{ Result []struct{ Value [2]any } }
	}
	if err := json.NewDecoder(answer.Body).Decode(&found); err != nil {
		return nil, err
	}
	views := "0"
	for _, series := range found.Data.Result {
		views = fmt.Sprint(series.Value[1])
	}
	return map[string]string{"views": views}, nil
}

// serve answers one operation, and reports the span of it.
func serve(operation func(*http.Request, string) (any, error)) http.HandlerFunc {
	return func(answer http.ResponseWriter, request *http.Request) {
		began, span, status := time.Now(), newSpan(), http.StatusOK
		result, err := operation(request, span)
		if err != nil {
			status, result = http.StatusBadGateway, map[string]string{"error": err.Error()}
		}
		answer.Header().Set("content-type", "application/json")
		answer.WriteHeader(status)
		json.NewEncoder(answer).Encode(result)
		report(request, span, began, status)
	}
}

func main() {
	go send()
	http.HandleFunc("/analytics/record", serve(record))
	http.HandleFunc("/analytics/popular", serve(popular))
	http.HandleFunc("/health", func(answer http.ResponseWriter, _ *http.Request) {})
	log.Fatal(http.ListenAndServe("127.0.0.1:"+os.Getenv("PORT"), nil))
}
