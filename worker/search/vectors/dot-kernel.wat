;; Dot products of a query with many rows. `scripts/build-wasm.mjs` makes dot-kernel.wasm.ts of it.
;;
;; Four rows are multiplied at a time, so that a part of the query is loaded once for all of them.
;; Where fewer are left the last one stands in for those that are not there: it is multiplied again,
;; and up to three results more than asked for are written.
;;
;; Parameters, for both functions:
;;   $rows    address of the first row
;;   $stride  bytes from one row to the next, a multiple of 16; what is behind a row is zero
;;   $list    address of the numbers of the rows that are wanted, u32; 0 for the first $count rows
;;   $count   how many rows are wanted, at least 1
;;   $query   address of the query, as long as a row and zero behind its end
;;   $out     address for the results, with room for three more
(module
  (memory (export "memory") 1)

  ;; The address of the row at $index, or of the last row that is wanted.
  (func $row
    (param $rows i32) (param $stride i32) (param $list i32) (param $last i32) (param $index i32)
    (result i32)
    (local.set $index
      (select
        (local.get $last)
        (local.get $index)
        (i32.gt_u (local.get $index) (local.get $last))))
    (if (local.get $list)
      (then
        (local.set $index
          (i32.load
            (i32.add (local.get $list) (i32.shl (local.get $index) (i32.const 2)))))))
    (i32.add (local.get $rows) (i32.mul (local.get $index) (local.get $stride))))

  ;; Rows of i8, a query of i16, results of i32.
  (func (export "dotInt8")
    (param $rows i32) (param $stride i32) (param $list i32) (param $count i32)
    (param $query i32) (param $out i32)
    (local $index i32) (local $last i32) (local $at i32) (local $q i32)
    (local $row0 i32) (local $row1 i32) (local $row2 i32) (local $row3 i32)
    (local $low v128) (local $high v128)
    (local $sum0 v128) (local $sum1 v128) (local $sum2 v128) (local $sum3 v128)
    (local.set $last (i32.sub (local.get $count) (i32.const 1)))
    (loop $next
      (local.set $row0 (call $row (local.get $rows) (local.get $stride) (local.get $list)
        (local.get $last) (local.get $index)))
      (local.set $row1 (call $row (local.get $rows) (local.get $stride) (local.get $list)
        (local.get $last) (i32.add (local.get $index) (i32.const 1))))
      (local.set $row2 (call $row (local.get $rows) (local.get $stride) (local.get $list)
        (local.get $last) (i32.add (local.get $index) (i32.const 2))))
      (local.set $row3 (call $row (local.get $rows) (local.get $stride) (local.get $list)
        (local.get $last) (i32.add (local.get $index) (i32.const 3))))
      (local.set $sum0 (v128.const i32x4 0 0 0 0))
      (local.set $sum1 (v128.const i32x4 0 0 0 0))
      (local.set $sum2 (v128.const i32x4 0 0 0 0))
      (local.set $sum3 (v128.const i32x4 0 0 0 0))
      (local.set $at (i32.const 0))
      (local.set $q (local.get $query))
      (loop $part
        (local.set $low (v128.load (local.get $q)))
        (local.set $high (v128.load offset=16 (local.get $q)))
        (local.set $sum0 (i32x4.add (local.get $sum0) (i32x4.add
          (i32x4.dot_i16x8_s (local.get $low)
            (v128.load8x8_s (i32.add (local.get $row0) (local.get $at))))
          (i32x4.dot_i16x8_s (local.get $high)
            (v128.load8x8_s offset=8 (i32.add (local.get $row0) (local.get $at)))))))
        (local.set $sum1 (i32x4.add (local.get $sum1) (i32x4.add
          (i32x4.dot_i16x8_s (local.get $low)
            (v128.load8x8_s (i32.add (local.get $row1) (local.get $at))))
          (i32x4.dot_i16x8_s (local.get $high)
            (v128.load8x8_s offset=8 (i32.add (local.get $row1) (local.get $at)))))))
        (local.set $sum2 (i32x4.add (local.get $sum2) (i32x4.add
          (i32x4.dot_i16x8_s (local.get $low)
            (v128.load8x8_s (i32.add (local.get $row2) (local.get $at))))
          (i32x4.dot_i16x8_s (local.get $high)
            (v128.load8x8_s offset=8 (i32.add (local.get $row2) (local.get $at)))))))
        (local.set $sum3 (i32x4.add (local.get $sum3) (i32x4.add
          (i32x4.dot_i16x8_s (local.get $low)
            (v128.load8x8_s (i32.add (local.get $row3) (local.get $at))))
          (i32x4.dot_i16x8_s (local.get $high)
            (v128.load8x8_s offset=8 (i32.add (local.get $row3) (local.get $at)))))))
        (local.set $q (i32.add (local.get $q) (i32.const 32)))
        (local.set $at (i32.add (local.get $at) (i32.const 16)))
        (br_if $part (i32.lt_u (local.get $at) (local.get $stride))))
      ;; Lanes 0 + 2 and 1 + 3 of two rows side by side, then the two halves: one lane for each row.
      (local.set $low (i32x4.add
        (i8x16.shuffle 0 1 2 3 16 17 18 19 4 5 6 7 20 21 22 23
          (local.get $sum0) (local.get $sum1))
        (i8x16.shuffle 8 9 10 11 24 25 26 27 12 13 14 15 28 29 30 31
          (local.get $sum0) (local.get $sum1))))
      (local.set $high (i32x4.add
        (i8x16.shuffle 0 1 2 3 16 17 18 19 4 5 6 7 20 21 22 23
          (local.get $sum2) (local.get $sum3))
        (i8x16.shuffle 8 9 10 11 24 25 26 27 12 13 14 15 28 29 30 31
          (local.get $sum2) (local.get $sum3))))
      (v128.store (local.get $out) (i32x4.add
        (i8x16.shuffle 0 1 2 3 4 5 6 7 16 17 18 19 20 21 22 23
          (local.get $low) (local.get $high))
        (i8x16.shuffle 8 9 10 11 12 13 14 15 24 25 26 27 28 29 30 31
          (local.get $low) (local.get $high))))
      (local.set $out (i32.add (local.get $out) (i32.const 16)))
      (local.set $index (i32.add (local.get $index) (i32.const 4)))
      (br_if $next (i32.lt_u (local.get $index) (local.get $count)))))

  ;; Rows, query and results of f32.
  (func (export "dotFloat32")
    (param $rows i32) (param $stride i32) (param $list i32) (param $count i32)
    (param $query i32) (param $out i32)
    (local $index i32) (local $last i32) (local $at i32)
    (local $row0 i32) (local $row1 i32) (local $row2 i32) (local $row3 i32)
    (local $low v128) (local $high v128)
    (local $sum0 v128) (local $sum1 v128) (local $sum2 v128) (local $sum3 v128)
    (local.set $last (i32.sub (local.get $count) (i32.const 1)))
    (loop $next
      (local.set $row0 (call $row (local.get $rows) (local.get $stride) (local.get $list)
        (local.get $last) (local.get $index)))
      (local.set $row1 (call $row (local.get $rows) (local.get $stride) (local.get $list)
        (local.get $last) (i32.add (local.get $index) (i32.const 1))))
      (local.set $row2 (call $row (local.get $rows) (local.get $stride) (local.get $list)
        (local.get $last) (i32.add (local.get $index) (i32.const 2))))
      (local.set $row3 (call $row (local.get $rows) (local.get $stride) (local.get $list)
        (local.get $last) (i32.add (local.get $index) (i32.const 3))))
      (local.set $sum0 (v128.const f32x4 0 0 0 0))
      (local.set $sum1 (v128.const f32x4 0 0 0 0))
      (local.set $sum2 (v128.const f32x4 0 0 0 0))
      (local.set $sum3 (v128.const f32x4 0 0 0 0))
      (local.set $at (i32.const 0))
      (loop $part
        (local.set $low (v128.load (i32.add (local.get $query) (local.get $at))))
        (local.set $sum0 (f32x4.add (local.get $sum0) (f32x4.mul (local.get $low)
          (v128.load (i32.add (local.get $row0) (local.get $at))))))
        (local.set $sum1 (f32x4.add (local.get $sum1) (f32x4.mul (local.get $low)
          (v128.load (i32.add (local.get $row1) (local.get $at))))))
        (local.set $sum2 (f32x4.add (local.get $sum2) (f32x4.mul (local.get $low)
          (v128.load (i32.add (local.get $row2) (local.get $at))))))
        (local.set $sum3 (f32x4.add (local.get $sum3) (f32x4.mul (local.get $low)
          (v128.load (i32.add (local.get $row3) (local.get $at))))))
        (local.set $at (i32.add (local.get $at) (i32.const 16)))
        (br_if $part (i32.lt_u (local.get $at) (local.get $stride))))
      (local.set $low (f32x4.add
        (i8x16.shuffle 0 1 2 3 16 17 18 19 4 5 6 7 20 21 22 23
          (local.get $sum0) (local.get $sum1))
        (i8x16.shuffle 8 9 10 11 24 25 26 27 12 13 14 15 28 29 30 31
          (local.get $sum0) (local.get $sum1))))
      (local.set $high (f32x4.add
        (i8x16.shuffle 0 1 2 3 16 17 18 19 4 5 6 7 20 21 22 23
          (local.get $sum2) (local.get $sum3))
        (i8x16.shuffle 8 9 10 11 24 25 26 27 12 13 14 15 28 29 30 31
          (local.get $sum2) (local.get $sum3))))
      (v128.store (local.get $out) (f32x4.add
        (i8x16.shuffle 0 1 2 3 4 5 6 7 16 17 18 19 20 21 22 23
          (local.get $low) (local.get $high))
        (i8x16.shuffle 8 9 10 11 12 13 14 15 24 25 26 27 28 29 30 31
          (local.get $low) (local.get $high))))
      (local.set $out (i32.add (local.get $out) (i32.const 16)))
      (local.set $index (i32.add (local.get $index) (i32.const 4)))
      (br_if $next (i32.lt_u (local.get $index) (local.get $count))))))
