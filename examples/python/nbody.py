"""The sun and its four giant planets, moved by their gravity in small steps; prints the energy before and after.

usage: nbody.py [STEPS]
"""
import sys
from math import pi

DAYS_PER_YEAR = 365.24
SOLAR_MASS = 4 * pi * pi
STEP = 0.01

# Name: position (astronomical units), velocity (units a day), mass (suns).
BODIES = {
    "Sun": ((0.0, 0.0, 0.0), (0.0, 0.0, 0.0), 1.0),
    "Jupiter": (
        (4.84143144246472090, -1.16032004402742839, -0.103622044471123109),
        (0.00166007664274403694, 0.00769901118419740425, -0.0000690460016972063023),
        0.000954791938424326609,
    ),
    "Saturn": (
        (8.34336671824457987, 4.12479856412430479, -0.403523417114321381),
        (-0.00276742510726411, 0.00499852801234917238, 0.0000230417297573763929),
        0.000285885980666130812,
    ),
    "Uranus": (
        (12.8943695621391310, -15.1111514016986312, -0.223307578892655734),
        (0.00296460137564761618, 0.00237847173959480950, -0.0000296589568540237556),
        0.0000436624404335156298,
    ),
    "Neptune": (
        (15.3796971148509165, -25.9193146099879641, 0.179258772950371181),
        (0.00268067772490389322, 0.00162824170038242295, -0.0000951592254519715870),
        0.0000515138902046611451,
    ),
}


def build(catalogue):
    """The bodies as (position, velocity, mass), in units of years and solar masses times four pi squared."""
    system = []
    for position, velocity, mass in catalogue.values():
        system.append((list(position), [v * DAYS_PER_YEAR for v in velocity], mass * SOLAR_MASS))
    return system


def pairs_of(system):
    return [(system[i], system[j]) for i in range(len(system)) for j in range(i + 1, len(system))]


def rest(system):
    """Gives the sun the speed at which the whole system rests."""
    px = py = pz = 0.0
    for _, (vx, vy, vz), mass in system:
        px += vx * mass
        py += vy * mass
        pz += vz * mass
    velocity = system[0][1]
    velocity[0] = -px / SOLAR_MASS
    velocity[1] = -py / SOLAR_MASS
    velocity[2] = -pz / SOLAR_MASS


def energy(system, pairs):
    total = 0.0
    for (p, _, m), (q, _, n) in pairs:
        dx = p[0] - q[0]
        dy = p[1] - q[1]
        dz = p[2] - q[2]
        total -= m * n / (dx * dx + dy * dy + dz * dz) ** 0.5
    for _, (vx, vy, vz), mass in system:
        total += mass * (vx * vx + vy * vy + vz * vz) / 2
    return total


def advance(dt, steps, system, pairs):
    for _ in range(steps):
        for (p, v, m), (q, w, n) in pairs:
            dx = p[0] - q[0]
            dy = p[1] - q[1]
            dz = p[2] - q[2]
            pull = dt * (dx * dx + dy * dy + dz * dz) ** -1.5
            mine = n * pull
            v[0] -= dx * mine
            v[1] -= dy * mine
            v[2] -= dz * mine
            other = m * pull
            w[0] += dx * other
            w[1] += dy * other
            w[2] += dz * other
        for p, (vx, vy, vz), _m in system:
            p[0] += dt * vx
            p[1] += dt * vy
            p[2] += dt * vz


def main(steps):
    system = build(BODIES)
    pairs = pairs_of(system)
    rest(system)
    print(f"{energy(system, pairs):.9f}")
    advance(STEP, steps, system, pairs)
    print(f"{energy(system, pairs):.9f}")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 200_000)
