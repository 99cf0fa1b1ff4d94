package main

import (
	"os"
	"path/filepath"
	"time"
)

const uploadsPrefix = "stnb-uploads-"

// uploadFolder makes the folder for uploaded files, away from the notebooks. A server
// that is killed leaves its own behind: those go first.
func uploadFolder() (dir string, remove func(), err error) {
	removeAbandoned(os.TempDir())
	if dir, err = os.MkdirTemp("", uploadsPrefix); err != nil {
		return "", nil, err
	}
	release, _ := hold(dir)
	return dir, func() { os.RemoveAll(dir); release() }, nil
}

// removeAbandoned removes the folders of uploads that no process holds. One made this
// minute may not be held yet.
func removeAbandoned(temp string) {
	found, _ := filepath.Glob(filepath.Join(temp, uploadsPrefix+"*"))
	for _, dir := range found {
		info, err := os.Lstat(dir)
		if err != nil || !info.IsDir() || time.Since(info.ModTime()) < time.Minute {
			continue
		}
		if release, ok := hold(dir); ok {
			os.RemoveAll(dir)
			release()
		}
	}
}
