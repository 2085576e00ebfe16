// One transformer layer, forward and backward, for processors with AMX: bfloat16 tiles, float32 sums, no padding.
//
// Rows of all sequences stand one after another, `at[s]` telling where sequence s begins; the number of rows is a
// multiple of 32, filled up with zeros. Weights are float32 and rounded when they are packed; their gradients are
// float32. packed.py calls it and says what each array holds.
#include "tiles.h"

struct Weight {  // [out, in]
  std::vector<bf> forward, backward;
  Weight(const float* p, int out, int in, bool down, bool up) {
    std::vector<bf> rounded((size_t)out * in);
    for (size_t i = 0; i < rounded.size(); i += 16) store16(&rounded[i], _mm512_loadu_ps(p + i));
    if (down) {
      forward.resize(rounded.size());
      pack_transposed(forward.data(), rounded.data(), in, in, out);
    }
    if (up) {
      backward.resize(rounded.size());
      pack(backward.data(), rounded.data(), in, out, in);
    }
  }
};

static void linear(bf* y, const bf* x, const Weight& w, const float* bias, int M, int N, int K) {
  gemm(x, K, w.forward.data(), M, N, K, [&](int m, int n, const float* c) {
    each(m, n, c,
         [&](int i, int j, __m512 v) { store16(y + (size_t)i * N + j, _mm512_add_ps(v, _mm512_loadu_ps(bias + j))); });
  });
}

// gradients of a weight [N, K] and of its bias: gᵀ x
static void gradient(float* dw, float* db, const bf* g, const bf* x, int M, int N, int K, std::vector<bf>& a,
                     std::vector<bf>& b) {
  a.resize((size_t)M * N);
  b.resize((size_t)M * K);
  transpose(a.data(), M, g, N, M, N);
  pack(b.data(), x, K, M, K);
  gemm(a.data(), M, b.data(), N, K, M, [&](int m, int n, const float* c) {
    each(m, n, c, [&](int i, int j, __m512 v) { _mm512_storeu_ps(dw + (size_t)i * K + j, v); });
  });
  for (int i = 0; i < M; i++)
    for (int j = 0; j < N; j += 16)
      _mm512_storeu_ps(db + j, _mm512_add_ps(load16(g + (size_t)i * N + j), _mm512_loadu_ps(db + j)));
}

static void moments(const bf* r, int H, float eps, float* mean, float* scale) {
  __m512 s = _mm512_setzero_ps(), q = _mm512_setzero_ps();
  for (int j = 0; j < H; j += 16) s = _mm512_add_ps(s, load16(r + j));
  *mean = _mm512_reduce_add_ps(s) / H;
  for (int j = 0; j < H; j += 16) {
    __m512 d = _mm512_sub_ps(load16(r + j), _mm512_set1_ps(*mean));
    q = _mm512_fmadd_ps(d, d, q);
  }
  *scale = 1 / std::sqrt(_mm512_reduce_add_ps(q) / H + eps);
}
static void norm(bf* y, const bf* r, const float* w, const float* b, int M, int H, float eps) {
  for (int i = 0; i < M; i++, r += H, y += H) {
    float mean, scale;
    moments(r, H, eps, &mean, &scale);
    for (int j = 0; j < H; j += 16) {
      __m512 v = _mm512_mul_ps(_mm512_sub_ps(load16(r + j), _mm512_set1_ps(mean)), _mm512_set1_ps(scale));
      store16(y + j, _mm512_fmadd_ps(v, _mm512_loadu_ps(w + j), _mm512_loadu_ps(b + j)));
    }
  }
}
static void norm_back(bf* gr, const bf* gy, const bf* r, const float* w, float* dw, float* db, int M, int H,
                      float eps) {
  for (int i = 0; i < M; i++, r += H, gy += H, gr += H) {
    float mean, scale;
    moments(r, H, eps, &mean, &scale);
    __m512 a = _mm512_setzero_ps(), b = a, u = _mm512_set1_ps(mean), s = _mm512_set1_ps(scale);
    for (int j = 0; j < H; j += 16) {
      __m512 x = _mm512_mul_ps(_mm512_sub_ps(load16(r + j), u), s), g = load16(gy + j),
             gw = _mm512_mul_ps(g, _mm512_loadu_ps(w + j));
      a = _mm512_add_ps(a, gw);
      b = _mm512_fmadd_ps(gw, x, b);
      _mm512_storeu_ps(dw + j, _mm512_fmadd_ps(g, x, _mm512_loadu_ps(dw + j)));
      _mm512_storeu_ps(db + j, _mm512_add_ps(g, _mm512_loadu_ps(db + j)));
    }
    __m512 ma = _mm512_set1_ps(_mm512_reduce_add_ps(a) / H), mb = _mm512_set1_ps(_mm512_reduce_add_ps(b) / H);
    for (int j = 0; j < H; j += 16) {
      __m512 x = _mm512_mul_ps(_mm512_sub_ps(load16(r + j), u), s),
             gw = _mm512_mul_ps(load16(gy + j), _mm512_loadu_ps(w + j));
      store16(gr + j, _mm512_mul_ps(s, _mm512_sub_ps(_mm512_sub_ps(gw, ma), _mm512_mul_ps(x, mb))));
    }
  }
}

static int up32(int n) { return (n + 31) / 32 * 32; }

// softmax(q kᵀ / √d) of one head: rows and columns up to a multiple of 32, zero beyond the length
static void attend(bf* p, const bf* q, const bf* k, int ld, int L, std::vector<bf>& packed, std::vector<float>& s) {
  int P = up32(L);
  packed.resize((size_t)P * HEAD);
  s.resize((size_t)P * P);
  pack_transposed(packed.data(), k, ld, HEAD, P);
  gemm(q, ld, packed.data(), P, P, HEAD, [&](int m, int n, const float* c) {
    each(m, n, c, [&](int i, int j, __m512 v) { _mm512_storeu_ps(&s[(size_t)i * P + j], v); });
  });
  const __m512 scale = _mm512_set1_ps(1 / std::sqrt((float)HEAD)), low = _mm512_set1_ps(-1e30f);
  const __m512i lane = _mm512_setr_epi32(0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15);
  for (int i = 0; i < P; i++) {
    bf* out = p + (size_t)i * P;
    if (i >= L) {
      memset(out, 0, 2 * P);
      continue;
    }
    float* row = &s[(size_t)i * P];
    __m512 top = low, sum = _mm512_setzero_ps();
    for (int j = 0; j < P; j += 16) {
      __mmask16 in = _mm512_cmplt_epi32_mask(_mm512_add_epi32(lane, _mm512_set1_epi32(j)), _mm512_set1_epi32(L));
      __m512 v = _mm512_mask_mul_ps(low, in, _mm512_loadu_ps(row + j), scale);
      _mm512_storeu_ps(row + j, v);
      top = _mm512_max_ps(top, v);
    }
    top = _mm512_set1_ps(_mm512_reduce_max_ps(top));
    for (int j = 0; j < P; j += 16) {
      __m512 v = _mm512_loadu_ps(row + j);
      __m512 e =
          _mm512_maskz_mov_ps(_mm512_cmp_ps_mask(v, _mm512_set1_ps(-1e29f), _CMP_GT_OQ), exp16(_mm512_sub_ps(v, top)));
      _mm512_storeu_ps(row + j, e);
      sum = _mm512_add_ps(sum, e);
    }
    sum = _mm512_set1_ps(1 / _mm512_reduce_add_ps(sum));
    for (int j = 0; j < P; j += 16) store16(out + j, _mm512_mul_ps(_mm512_loadu_ps(row + j), sum));
  }
}

extern "C" void forward(int M, int H, int F, int S, float eps, const int64_t* at, const float* const* w, const bf* x,
                        bf* qkv, bf* p, bf* mixed, bf* r1, bf* y1, bf* u, bf* a, bf* r2, bf* y) {
  Tiles tiles;
  const int heads = H / HEAD;
  linear(qkv, x, Weight(w[0], 3 * H, H, true, false), w[1], M, 3 * H, H);
  std::vector<bf> packed, v;
  std::vector<float> scores;
  bf* P = p;
  for (int s = 0; s < S; s++) {
    const int L = at[s + 1] - at[s], B = up32(L);
    for (int h = 0; h < heads; h++, P += (size_t)B * B) {
      const bf* q = qkv + (size_t)at[s] * 3 * H + h * HEAD;
      attend(P, q, q + H, 3 * H, L, packed, scores);
      v.resize((size_t)B * HEAD);
      pack(v.data(), q + 2 * H, 3 * H, B, HEAD);
      bf* out = mixed + (size_t)at[s] * H + h * HEAD;
      gemm(P, B, v.data(), B, HEAD, B, [&](int m, int n, const float* c) {
        each(m, n, c, [&](int i, int j, __m512 o) {
          if (i < L) store16(out + (size_t)i * H + j, o);
        });
      });
    }
  }
  auto residual = [&](bf* o, const bf* in, const Weight& weight, const float* bias, const bf* z, int K) {
    gemm(in, K, weight.forward.data(), M, H, K, [&](int m, int n, const float* c) {
      each(m, n, c, [&](int i, int j, __m512 t) {
        size_t k = (size_t)i * H + j;
        store16(o + k, _mm512_add_ps(load16(z + k), _mm512_add_ps(t, _mm512_loadu_ps(bias + j))));
      });
    });
  };
  residual(r1, mixed, Weight(w[2], H, H, true, false), w[3], x, H);
  norm(y1, r1, w[4], w[5], M, H, eps);
  {
    Weight weight(w[6], F, H, true, false);
    bf *pu = u, *pa = a;
    const float* bias = w[7];
    gemm(y1, H, weight.forward.data(), M, F, H, [&](int m, int n, const float* c) {
      each(m, n, c, [&](int i, int j, __m512 t) {
        __m512 density, z = _mm512_add_ps(t, _mm512_loadu_ps(bias + j));
        store16(pu + (size_t)i * F + j, z);
        store16(pa + (size_t)i * F + j, _mm512_mul_ps(z, normal16(z, &density)));
      });
    });
  }
  residual(r2, a, Weight(w[8], H, F, true, false), w[9], y1, F);
  norm(y, r2, w[10], w[11], M, H, eps);
}

extern "C" void backward(int M, int H, int F, int S, float eps, const int64_t* at, const float* const* w, const bf* x,
                         bf* qkv, bf* p, bf* mixed, bf* r1, bf* y1, bf* u, bf* a, bf* r2, const bf* gy, float* const* d,
                         bf* gr2, bf* gu, bf* gy1, bf* gr1, bf* gmixed, bf* gqkv, bf* gx) {
  Tiles tiles;
  const int heads = H / HEAD;
  std::vector<bf> one, two;

  norm_back(gr2, gy, r2, w[10], d[10], d[11], M, H, eps);
  gradient(d[8], d[9], gr2, a, M, H, F, one, two);
  {
    Weight weight(w[8], H, F, false, true);
    bf *pu = u, *out = gu;
    gemm(gr2, H, weight.backward.data(), M, F, H, [&](int m, int n, const float* c) {
      each(m, n, c, [&](int i, int j, __m512 t) {
        size_t k = (size_t)i * F + j;
        __m512 z = load16(pu + k), density, cdf = normal16(z, &density);
        store16(out + k, _mm512_mul_ps(t, _mm512_fmadd_ps(z, density, cdf)));
      });
    });
  }
  gradient(d[6], d[7], gu, y1, M, F, H, one, two);
  auto back = [&](bf* o, const bf* in, const Weight& weight, const bf* base, int K) {  // o = in W (+ base)
    gemm(in, K, weight.backward.data(), M, H, K, [&](int m, int n, const float* c) {
      each(m, n, c, [&](int i, int j, __m512 t) {
        size_t k = (size_t)i * H + j;
        store16(o + k, base ? _mm512_add_ps(t, load16(base + k)) : t);
      });
    });
  };
  back(gy1, gu, Weight(w[6], F, H, false, true), gr2, F);
  norm_back(gr1, gy1, r1, w[4], d[4], d[5], M, H, eps);
  gradient(d[2], d[3], gr1, mixed, M, H, H, one, two);
  back(gmixed, gr1, Weight(w[2], H, H, false, true), nullptr, H);

  std::vector<bf> packed, turned, ds;
  std::vector<float> dp;
  const float scale = 1 / std::sqrt((float)HEAD);
  const bf* P = p;
  for (int s = 0; s < S; s++) {
    const int L = at[s + 1] - at[s], B = up32(L);
    packed.resize((size_t)B * HEAD);
    turned.resize((size_t)B * B);
    ds.resize((size_t)B * B);
    dp.resize((size_t)B * B);
    for (int h = 0; h < heads; h++, P += (size_t)B * B) {
      const bf* q = qkv + (size_t)at[s] * 3 * H + h * HEAD;
      const bf* go = gmixed + (size_t)at[s] * H + h * HEAD;
      bf* gq = gqkv + (size_t)at[s] * 3 * H + h * HEAD;
      auto write = [&](bf* to, const bf* left) {  // to [L, 32] = left [B, B] · packed [B, 32]
        gemm(left, B, packed.data(), B, HEAD, B, [&](int m, int n, const float* c) {
          each(m, n, c, [&](int i, int j, __m512 t) {
            if (i < L) store16(to + (size_t)i * 3 * H + j, t);
          });
        });
      };
      transpose(turned.data(), B, P, B, B, B);
      pack(packed.data(), go, H, B, HEAD);
      write(gq + 2 * H, turned.data());
      pack_transposed(packed.data(), q + 2 * H, 3 * H, HEAD, B);
      gemm(go, H, packed.data(), B, B, HEAD, [&](int m, int n, const float* c) {
        each(m, n, c, [&](int i, int j, __m512 t) { _mm512_storeu_ps(&dp[(size_t)i * B + j], t); });
      });
      for (int i = 0; i < B; i++) {
        const bf* pi = P + (size_t)i * B;
        float* di = &dp[(size_t)i * B];
        if (i >= L) {
          memset(&ds[(size_t)i * B], 0, 2 * B);
          continue;
        }
        __m512 sum = _mm512_setzero_ps();
        for (int j = 0; j < L; j += 16) sum = _mm512_fmadd_ps(load16(pi + j), _mm512_loadu_ps(di + j), sum);
        sum = _mm512_set1_ps(_mm512_reduce_add_ps(sum));
        for (int j = 0; j < B; j += 16) {
          __m512 t = _mm512_mul_ps(load16(pi + j), _mm512_sub_ps(_mm512_loadu_ps(di + j), sum));
          store16(&ds[(size_t)i * B + j], _mm512_mul_ps(t, _mm512_set1_ps(scale)));
        }
      }
      pack(packed.data(), q + H, 3 * H, B, HEAD);
      write(gq, ds.data());
      transpose(turned.data(), B, ds.data(), B, B, B);
      pack(packed.data(), q, 3 * H, B, HEAD);
      write(gq + H, turned.data());
    }
  }
  gradient(d[0], d[1], gqkv, x, M, 3 * H, H, one, two);
  back(gx, gqkv, Weight(w[0], 3 * H, H, false, true), gr1, 3 * H);
}
