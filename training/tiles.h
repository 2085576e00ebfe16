// Products of bfloat16 matrices by AMX, and what gets matrices into the shape that its tiles want.
#pragma once
#include <immintrin.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <cstring>
#include <vector>

typedef uint16_t bf;

static const int HEAD = 32;       // size of an attention head
static const int CACHE = 196608;  // numbers of a matrix that stay near the processor

struct Tiles {  // this thread's tile configuration, the former one given back at the end: oneDNN remembers its own
  alignas(64) uint8_t old[64], mine[64];
  Tiles() {
    static bool asked = (syscall(SYS_arch_prctl, 0x1023, 18), true);
    (void)asked;
    _tile_storeconfig(old);
    memset(mine, 0, 64);
    mine[0] = 1;
    for (int i = 0; i < 8; i++) {
      mine[16 + 2 * i] = 64;
      mine[48 + i] = 16;
    }
    _tile_loadconfig(mine);
  }
  ~Tiles() {
    if (old[0])
      _tile_loadconfig(old);
    else
      _tile_release();
  }
};

static inline __m512 load16(const bf* p) {
  return _mm512_castsi512_ps(_mm512_slli_epi32(_mm512_cvtepu16_epi32(_mm256_loadu_si256((const __m256i*)p)), 16));
}
static inline void store16(bf* p, __m512 v) { _mm256_storeu_si256((__m256i*)p, (__m256i)_mm512_cvtneps_pbh(v)); }

static inline __m512 exp16(__m512 x) {  // e^x, about 1e-7 relative
  x = _mm512_max_ps(x, _mm512_set1_ps(-87.0f));
  __m512 t = _mm512_mul_ps(x, _mm512_set1_ps(1.44269504f));
  __m512 n = _mm512_roundscale_ps(t, 0);
  __m512 f = _mm512_fnmadd_ps(n, _mm512_set1_ps(0.693359375f), x);
  f = _mm512_fnmadd_ps(n, _mm512_set1_ps(-2.12194440e-4f), f);
  __m512 p = _mm512_set1_ps(1.0f / 720);
  p = _mm512_fmadd_ps(p, f, _mm512_set1_ps(1.0f / 120));
  p = _mm512_fmadd_ps(p, f, _mm512_set1_ps(1.0f / 24));
  p = _mm512_fmadd_ps(p, f, _mm512_set1_ps(1.0f / 6));
  p = _mm512_fmadd_ps(p, f, _mm512_set1_ps(0.5f));
  p = _mm512_fmadd_ps(p, f, _mm512_set1_ps(1.0f));
  p = _mm512_fmadd_ps(p, f, _mm512_set1_ps(1.0f));
  return _mm512_scalef_ps(p, n);
}

static inline __m512 normal16(__m512 x,
                              __m512* density) {  // Gaussian distribution (Abramowitz & Stegun 7.1.26), density
  __m512 a = _mm512_mul_ps(_mm512_abs_ps(x), _mm512_set1_ps(0.70710678f));
  __m512 e = exp16(_mm512_mul_ps(_mm512_set1_ps(-1.0f), _mm512_mul_ps(a, a)));
  __m512 t = _mm512_div_ps(_mm512_set1_ps(1), _mm512_fmadd_ps(a, _mm512_set1_ps(0.3275911f), _mm512_set1_ps(1)));
  __m512 p = _mm512_set1_ps(1.061405429f);
  p = _mm512_fmadd_ps(p, t, _mm512_set1_ps(-1.453152027f));
  p = _mm512_fmadd_ps(p, t, _mm512_set1_ps(1.421413741f));
  p = _mm512_fmadd_ps(p, t, _mm512_set1_ps(-0.284496736f));
  p = _mm512_fmadd_ps(p, t, _mm512_set1_ps(0.254829592f));
  __m512 tail = _mm512_mul_ps(_mm512_set1_ps(0.5f), _mm512_mul_ps(_mm512_mul_ps(p, t), e));
  *density = _mm512_mul_ps(e, _mm512_set1_ps(0.39894228f));
  return _mm512_mask_sub_ps(tail, _mm512_cmp_ps_mask(x, _mm512_setzero_ps(), _CMP_GE_OQ), _mm512_set1_ps(1), tail);
}

// ------------------------------------------------------------------------------------------------------------- packing

static inline void transpose16(__m512i r[16]) {  // 16 × 16 of 32 bits
  __m512i t[16];
  for (int i = 0; i < 8; i++) {
    t[2 * i] = _mm512_unpacklo_epi32(r[2 * i], r[2 * i + 1]);
    t[2 * i + 1] = _mm512_unpackhi_epi32(r[2 * i], r[2 * i + 1]);
  }
  for (int i = 0; i < 4; i++) {
    r[4 * i] = _mm512_unpacklo_epi64(t[4 * i], t[4 * i + 2]);
    r[4 * i + 1] = _mm512_unpackhi_epi64(t[4 * i], t[4 * i + 2]);
    r[4 * i + 2] = _mm512_unpacklo_epi64(t[4 * i + 1], t[4 * i + 3]);
    r[4 * i + 3] = _mm512_unpackhi_epi64(t[4 * i + 1], t[4 * i + 3]);
  }
  for (int i = 0; i < 4; i++) {
    t[i] = _mm512_shuffle_i32x4(r[i], r[i + 4], 0x88);
    t[i + 4] = _mm512_shuffle_i32x4(r[i], r[i + 4], 0xdd);
    t[i + 8] = _mm512_shuffle_i32x4(r[i + 8], r[i + 12], 0x88);
    t[i + 12] = _mm512_shuffle_i32x4(r[i + 8], r[i + 12], 0xdd);
  }
  for (int i = 0; i < 4; i++) {
    r[i] = _mm512_shuffle_i32x4(t[i], t[i + 8], 0x88);
    r[i + 8] = _mm512_shuffle_i32x4(t[i], t[i + 8], 0xdd);
    r[i + 4] = _mm512_shuffle_i32x4(t[i + 4], t[i + 12], 0x88);
    r[i + 12] = _mm512_shuffle_i32x4(t[i + 4], t[i + 12], 0xdd);
  }
}

static inline __m512i pairs(const bf* one, const bf* two) {  // 16 columns of two rows, interleaved
  __m512i a = _mm512_cvtepu16_epi32(_mm256_loadu_si256((const __m256i*)one));
  __m512i b = _mm512_cvtepu16_epi32(_mm256_loadu_si256((const __m256i*)two));
  return _mm512_or_si512(a, _mm512_slli_epi32(b, 16));
}

// B [K, N] row by row → panels of 32 columns: [N/32][K/2][32][2]
static void pack(bf* out, const bf* b, int ld, int K, int N) {
  for (int n = 0; n < N; n += 32)
    for (int k = 0; k < K; k += 2, out += 64) {
      _mm512_storeu_si512(out, pairs(b + (size_t)k * ld + n, b + (size_t)(k + 1) * ld + n));
      _mm512_storeu_si512(out + 32, pairs(b + (size_t)k * ld + n + 16, b + (size_t)(k + 1) * ld + n + 16));
    }
}
// the same of Bᵀ, given B [N, K] row by row
static void pack_transposed(bf* out, const bf* b, int ld, int K, int N) {
  __m512i r[16];
  for (int n = 0; n < N; n += 32)
    for (int k = 0; k < K; k += 32)
      for (int half = 0; half < 2; half++) {
        for (int i = 0; i < 16; i++) r[i] = _mm512_loadu_si512(b + (size_t)(n + 16 * half + i) * ld + k);
        transpose16(r);
        for (int i = 0; i < 16; i++)
          _mm512_storeu_si512(out + ((size_t)n / 32 * (K / 2) + k / 2 + i) * 64 + 32 * half, r[i]);
      }
}
// Aᵀ [N, M] of A [M, N]; M a multiple of 32, N of 16
static void transpose(bf* out, int ldo, const bf* a, int ld, int M, int N) {
  __m512i r[16];
  for (int m = 0; m < M; m += 32)
    for (int n = 0; n < N; n += 16) {
      for (int i = 0; i < 16; i++) r[i] = pairs(a + (size_t)(m + 2 * i) * ld + n, a + (size_t)(m + 2 * i + 1) * ld + n);
      transpose16(r);
      for (int i = 0; i < 16; i++) _mm512_storeu_si512(out + (size_t)(n + i) * ldo + m, r[i]);
    }
}

// C = A B by blocks of 32 × 32; `epilogue(row, column, block)`
template <class F>
static void gemm(const bf* a, int lda, const bf* b, int M, int N, int K, F epilogue) {
  alignas(64) float c[32 * 32];
  const int block = std::max(32, CACHE / K / 32 * 32);
  for (int mm = 0; mm < M; mm += block)
    for (int nn = 0; nn < N; nn += block)
      for (int n = nn; n < std::min(N, nn + block); n += 32) {
        const bf* panel = b + (size_t)n * K;
        for (int m = mm; m < std::min(M, mm + block); m += 32) {
          const bf *a0 = a + (size_t)m * lda, *a1 = a0 + (size_t)16 * lda;
          _tile_zero(0);
          _tile_zero(1);
          _tile_zero(2);
          _tile_zero(3);
          for (int k = 0; k < K; k += 32) {
            _tile_loadd(4, a0 + k, lda * 2);
            _tile_loadd(6, panel + (size_t)k * 32, 128);
            _tile_dpbf16ps(0, 4, 6);
            _tile_loadd(7, panel + (size_t)k * 32 + 32, 128);
            _tile_dpbf16ps(1, 4, 7);
            _tile_loadd(5, a1 + k, lda * 2);
            _tile_dpbf16ps(2, 5, 6);
            _tile_dpbf16ps(3, 5, 7);
          }
          _tile_stored(0, c, 128);
          _tile_stored(1, c + 16, 128);
          _tile_stored(2, c + 512, 128);
          _tile_stored(3, c + 528, 128);
          epilogue(m, n, c);
        }
      }
}
template <class F>
static inline void each(int m, int n, const float* c, F f) {  // f(row, column, 16 values)
  for (int i = 0; i < 32; i++) {
    f(m + i, n, _mm512_load_ps(c + 32 * i));
    f(m + i, n + 16, _mm512_load_ps(c + 32 * i + 16));
  }
}
