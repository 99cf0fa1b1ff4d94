package core

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"
)

// TestSelectedJSON: rows travel as spans, whatever their number, and come back as
// they were; what is too much is refused, not cut.
func TestSelectedJSON(t *testing.T) {
	for in, want := range map[string]string{
		`{"rows":[1,[3,6],9],"columns":["a"],"cells":[[2,"b"],{"row":3,"column":"a"}]}`: `{"rows":[1,[3,6],9],"columns":["a"],"cells":[{"row":2,"column":"b"},{"row":3,"column":"a"}]}`,
		`{"rows":[4,5,6],"columns":[],"cells":[]}`:                                      `{"rows":[[4,7]],"columns":[],"cells":[]}`,
		`{"rows":[[0,1000000]],"columns":[]}`:                                           `{"rows":[[0,1000000]],"columns":[],"cells":null}`,
		`{"cells":{"rows":[[1,3]],"columns":["a","b"]}}`:                                `{"rows":[],"columns":null,"cells":[{"row":1,"column":"a"},{"row":1,"column":"b"},{"row":2,"column":"a"},{"row":2,"column":"b"}]}`,
	} {
		var v Selected
		if err := json.Unmarshal([]byte(in), &v); err != nil {
			t.Errorf("%s: %v", in, err)
			continue
		}
		if raw, err := json.Marshal(v); err != nil || string(raw) != want {
			t.Errorf("%s: %s, %v", in, raw, err)
		}
	}
	var v Selected
	for _, in := range []string{`{"rows":[[0,10000001]]}`, `{"rows":[[5,3]]}`, `{"rows":[-1]}`, `{"rows":["a"]}`, `{"rows":[[0,9000000],[9000000,18000000]]}`,
		`{"cells":{"rows":[[0,600000]],"columns":["a","b"]}}`, `{"rows":[[0,9223372036854775807]]}`, `{"cells":5}`} {
		if err := json.Unmarshal([]byte(in), &v); err == nil {
			t.Errorf("%s is taken: %s", in, strings.TrimSpace(fmt.Sprint(len(v.Rows), len(v.Cells))))
		}
	}
}
