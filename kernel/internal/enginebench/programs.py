import functools, io, json, math, queue, re, threading, time

def fib(n): return n if n < 2 else fib(n-1) + fib(n-2)

def loop(n):
    s = 0
    for i in range(n): s += i & 7
    return s

def sieve(n):
    c = [False]*(n+1); count = 0
    for i in range(2, n+1):
        if not c[i]:
            count += 1
            for j in range(i*i, n+1, i): c[j] = True
    return count

def matmul(n):
    a = [[float(i+j) for j in range(n)] for i in range(n)]
    b = [[float(i-j) for j in range(n)] for i in range(n)]
    t = 0.0
    for i in range(n):
        for j in range(n):
            s = 0.0
            for k in range(n): s += a[i][k] * b[k][j]
            t += s
    return int(t)

class Body:
    __slots__ = ("x", "y", "z", "vx", "vy", "vz", "m")
    def __init__(s, *v): s.x, s.y, s.z, s.vx, s.vy, s.vz, s.m = v

def nbody(n):
    bs = [Body(f, 2*f, 3*f, 0.1*f, 0.2, 0.3/f, f) for f in (1.0, 2.0, 3.0, 4.0, 5.0)]
    for _ in range(n):
        for i in range(5):
            a = bs[i]
            for j in range(i+1, 5):
                b = bs[j]
                dx = a.x-b.x; dy = a.y-b.y; dz = a.z-b.z
                d = dx*dx + dy*dy + dz*dz
                mag = 0.01 / (d * math.sqrt(d))
                a.vx -= dx*b.m*mag; a.vy -= dy*b.m*mag; a.vz -= dz*b.m*mag
                b.vx += dx*a.m*mag; b.vy += dy*a.m*mag; b.vz += dz*a.m*mag
        for b in bs:
            b.x += 0.01*b.vx; b.y += 0.01*b.vy; b.z += 0.01*b.vz
    return int(bs[0].x*1000)

def spectral(n):
    def a(i, j): return 1 / ((i+j)*(i+j+1)//2+i+1)
    u = [1.0]*n; v = [0.0]*n
    for _ in range(4):
        for i in range(n):
            s = 0.0
            for j in range(n): s += a(i, j) * u[j]
            v[i] = s
        u, v = v, u
    return int(u[0]*1000)

def bottom_up(d): return (None, None) if d == 0 else (bottom_up(d-1), bottom_up(d-1))
def check(t): return 1 if t[0] is None else 1 + check(t[0]) + check(t[1])
def trees(n): return check(bottom_up(n))

def fannkuch(n):
    p = list(range(n)); s = list(range(n)); sign = 1; most = 0; total = 0
    while True:
        q0 = p[0]
        if q0 != 0:
            q = p[:]; flips = 1
            while True:
                qq = q[q0]
                if qq == 0:
                    total += sign*flips
                    if flips > most: most = flips
                    break
                q[q0] = q0
                if q0 >= 3:
                    i = 1; j = q0-1
                    while i < j:
                        q[i], q[j] = q[j], q[i]; i += 1; j -= 1
                q0 = qq; flips += 1
        if sign == 1:
            p[0], p[1] = p[1], p[0]; sign = -1
            continue
        p[1], p[2] = p[2], p[1]; sign = 1
        for i in range(2, n):
            if s[i] != 0:
                s[i] -= 1
                break
            if i == n-1: return total*1000 + most
            s[i] = i
            t = p[0]
            for j in range(i+1): p[j] = p[j+1]
            p[i+1] = t

def mandelbrot(n):
    count = 0
    for y in range(n):
        for x in range(n):
            cr = 2*x/n-1.5; ci = 2*y/n-1
            zr = zi = 0.0; k = 0
            while k < 50 and zr*zr+zi*zi <= 4:
                zr, zi = zr*zr-zi*zi+cr, 2*zr*zi+ci; k += 1
            count += k
    return count

def maps(n):
    m = {}
    for i in range(n):
        k = i*7919 % 100003
        m[k] = m.get(k, 0) + i
    return len(m)

def words(n):
    m = {}
    for i in range(n):
        k = "w" + chr(97+i % 26) + chr(97+i % 7)
        m[k] = m.get(k, 0) + 1
    return len(m)

def builder(n):
    b = io.StringIO()
    for i in range(n): b.write("x"); b.write("y")
    return b.tell()

def sorting(n):
    a = []; x = 12345
    for i in range(n):
        x = (x*1103515245 + 12345) & 0x7fffffff; a.append(x)
    a.sort(key=functools.cmp_to_key(lambda p, q: -1 if p < q else (1 if p > q else 0)))
    return a[n//2]

def library(n):
    t = 0
    for i in range(n):
        if "hello".startswith("he"): t += 1
    return t

class Square:
    __slots__ = ("s",)
    def __init__(s, v): s.s = v
    def area(s): return s.s*s.s
class Rect:
    __slots__ = ("w", "h")
    def __init__(s, w, h): s.w, s.h = w, h
    def area(s): return s.w*s.h

def dispatch(n):
    shapes = [Square(2), Rect(2, 3), Square(4)]; t = 0
    for i in range(n): t += shapes[i % 3].area()
    return t

def closures(n):
    def counter():
        c = 0
        def f(d):
            nonlocal c
            c += d
            return c
        return f
    f = counter()
    for i in range(n): f(i & 3)
    return f(0)

def channels(n):
    a, b = queue.SimpleQueue(), queue.SimpleQueue()
    def work():
        while True:
            v = a.get()
            if v is None: return
            b.put(v+1)
    w = threading.Thread(target=work); w.start()
    t = 0
    for i in range(n):
        a.put(i); t += b.get()
    a.put(None); w.join()
    return t

class Point:
    __slots__ = ("x", "y", "w")
    def __init__(self): self.x = self.y = self.w = 0
    def move(self, dx, dy):
        self.x += dx
        self.y += dy
        return self.x

def methods(n):
    p, t = Point(), 0
    for i in range(n): t += p.move(1, i & 3)
    return t

def structs(n):
    ps = [Point() for _ in range(100)]
    for i in range(n):
        p = ps[i % 100]
        p.x += i
        p.w = p.x - p.y
        q = ps[(i+7) % 100]
        ps[(i+13) % 100].y = q.x & 1023
    t = 0
    for p in ps: t += p.w & 1023
    return t

def concat(n):
    s = ""
    for i in range(n): s += "ab"
    return len(s)

def nucleotide(n):
    letters = b"ACGT"
    dna = bytearray(n)
    x = 42
    for i in range(n):
        x = (x*3877 + 29573) % 139968
        dna[i] = letters[x & 3]
    counts = {}
    for i in range(len(dna)-5):
        k = bytes(dna[i:i+6])
        counts[k] = counts.get(k, 0) + 1
    best = 0
    for c in counts.values(): best = max(best, c)
    return len(counts)*1000 + best

def regexes(n):
    pattern = re.compile(r"([a-z]+)@([a-z]+)\.com")
    t = 0
    for i in range(n):
        m = pattern.search("write to someone@example.com or to nobody")
        t += len(m[1])
    return t

def jsons(n):
    t = 0
    for i in range(n):
        b = json.dumps({"name": "someone", "age": i, "tags": ["a", "b"]})
        r = json.loads(b)
        t += r["age"] + len(r["tags"])
    return t

for f, n in [(fib, 27), (loop, 3000000), (sieve, 1000000), (matmul, 90), (nbody, 10000), (spectral, 250), (trees, 15), (fannkuch, 8),
             (mandelbrot, 150), (maps, 400000), (words, 200000), (builder, 400000), (sorting, 60000), (library, 500000),
             (dispatch, 600000), (closures, 600000), (channels, 20000),
             (methods, 600000), (structs, 400000), (concat, 50000), (nucleotide, 150000), (regexes, 8000), (jsons, 8000)]:
    best = 1e9
    for _ in range(5):
        t = time.process_time(); r = f(n); best = min(best, time.process_time()-t)
    print(f.__name__, int(best*1e6), r)
