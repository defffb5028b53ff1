module github.com/seed-7466c776/mixup/integrations/spago

go 1.25.0

replace github.com/seed-7466c776/mixup => ../..

require (
	github.com/nlpodyssey/spago v1.1.0
	github.com/seed-7466c776/mixup v0.0.0
)

require (
	github.com/google/flatbuffers v23.5.26+incompatible // indirect
	golang.org/x/sys v0.40.0 // indirect
	gonum.org/v1/gonum v0.17.0 // indirect
)
