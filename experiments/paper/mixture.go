// Mixtures of Gaussians in the plane, and how well points fit them.

package main

import (
	"math"
	"math/rand/v2"
)

// A mixture is one of Gaussians of equal weight around centres, its modes.
type mixture struct {
	name    string
	centres [][2]float64
}

// sigma is the standard deviation of a Gaussian in each direction.
const sigma = 0.01

// ring returns 8 modes on the unit circle.
func ring() mixture {
	const modes = 8
	m := mixture{name: "ring"}
	for k := range modes {
		sin, cos := math.Sincos(2 * math.Pi * float64(k) / modes)
		m.centres = append(m.centres, [2]float64{cos, sin})
	}
	return m
}

// grid returns 5×5 modes in [-1, 1]².
func grid() mixture {
	m := mixture{name: "grid"}
	for k := range 25 {
		m.centres = append(m.centres, [2]float64{float64(k%5)/2 - 1, float64(k/5)/2 - 1})
	}
	return m
}

// draw sets points, of two coordinates each.
func (m mixture) draw(points []float32, r *rand.Rand) {
	for i := 0; i < len(points); i += 2 {
		centre := m.centres[r.IntN(len(m.centres))]
		for j, v := range centre {
			points[i+j] = float32(v + sigma*r.NormFloat64())
		}
	}
}

// A score says how well points fit a mixture.
type score struct {
	Close float64 // share of the points that are within 4σ of a mode
	Near  float64 // share of those within 10σ
	Modes float64 // number of modes with a tenth or more of their due within 10σ
}

func (m mixture) score(points []float32) score {
	var s score
	near := make([]float64, len(m.centres))
	for i := 0; i < len(points); i += 2 {
		for k, c := range m.centres { // further apart than 20σ
			distance := math.Hypot(float64(points[i])-c[0], float64(points[i+1])-c[1])
			if distance < 4*sigma {
				s.Close++
			}
			if distance < 10*sigma {
				near[k]++
			}
		}
	}
	n := float64(len(points) / 2)
	s.Close /= n
	for _, count := range near {
		share := count / n
		s.Near += share
		if share*float64(len(near)) >= 0.1 {
			s.Modes++
		}
	}
	return s
}
