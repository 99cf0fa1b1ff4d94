package main

import (
	"os"
	"sync"

	"stnb.dev/cmd/stnb/config"
)

var (
	secretsOnce sync.Once
	secrets     map[string]string
)

// lookupEnv is os.LookupEnv, except that variables with secrets are taken out of
// the environment at the first call, so that no kernel inherits them.
func lookupEnv(name string) (string, bool) {
	secretsOnce.Do(func() {
		secrets = map[string]string{}
		for _, n := range config.Secrets() {
			if text, ok := os.LookupEnv(n); ok {
				secrets[n] = text
				os.Unsetenv(n)
			}
		}
	})
	if text, ok := secrets[name]; ok {
		return text, true
	}
	return os.LookupEnv(name)
}

func homeDir() string {
	dir, err := os.UserHomeDir()
	if err != nil {
		return ""
	}
	return dir
}
