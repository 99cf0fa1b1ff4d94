package file

import (
	"bytes"
	"os"
	"sync"
	"testing"

	"github.com/santhosh-tekuri/jsonschema/v6"
)

// nbformat is Jupyter's own schema of 4.5, testdata/nbformat.v4.5.schema.json.
var nbformat = sync.OnceValues(func() (*jsonschema.Schema, error) {
	data, err := os.ReadFile("testdata/nbformat.v4.5.schema.json")
	if err != nil {
		return nil, err
	}
	doc, err := jsonschema.UnmarshalJSON(bytes.NewReader(data))
	if err != nil {
		return nil, err
	}
	c := jsonschema.NewCompiler()
	if err := c.AddResource("nbformat.json", doc); err != nil {
		return nil, err
	}
	return c.Compile("nbformat.json")
})

// checkSchema fails unless data is a notebook as Jupyter defines it.
func checkSchema(t *testing.T, data []byte) {
	t.Helper()
	schema, err := nbformat()
	if err != nil {
		t.Fatal(err)
	}
	doc, err := jsonschema.UnmarshalJSON(bytes.NewReader(data))
	if err != nil {
		t.Fatalf("%v\n%s", err, data)
	}
	if err := schema.Validate(doc); err != nil {
		t.Errorf("not nbformat 4.5: %v\n%s", err, data)
	}
}
