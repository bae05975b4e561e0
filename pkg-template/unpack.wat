;; Makes the bytes of a module from the text that scripts/wasm-text.mjs made of it. In WebAssembly, as JavaScript takes
;; several times as long when it runs for the first time.
(module
	;; From 0x10000 on the caller puts the text; the bytes overwrite it from its start. Before it is a table of three
	;; parts, for the characters that are a code, and for those behind a `(` or `)`: of each its byte plus 1; 0, where
	;; there is no such code; and of `(` and `)`, which part holds what follows.
	(memory (export "memory") 1)

	;; Of a text that ends at $end; gives where the bytes end, or 0 if the text has what is no code.
	(func (export "unpack") (param $end i32) (result i32)
		(local $from i32)
		(local $to i32)
		(local $part i32)
		(local $entry i32)
		(local $value i32)
		(i32.store16 (i32.const 0x50) (i32.const 0x200)) ;; `(`
		(i32.store16 (i32.const 0x52) (i32.const 0x400)) ;; `)`
		(local.set $from (i32.const 0x10000))

		;; The text begins with the codes of the bytes 0 to 255.
		(loop $codes
			(local.set $entry (i32.add (local.get $part) (i32.shl (i32.load8_u (local.get $from)) (i32.const 1))))
			(local.set $from (i32.add (local.get $from) (i32.const 1)))
			(local.set $part (i32.load16_u (local.get $entry)))
			(if (i32.eqz (local.get $part))
				(then
					(local.set $value (i32.add (local.get $value) (i32.const 1)))
					(i32.store16 (local.get $entry) (local.get $value))
				)
			)
			(br_if $codes
				(i32.and
					(i32.lt_u (local.get $value) (i32.const 256))
					(i32.lt_u (local.get $from) (local.get $end))
				)
			)
		)

		(local.set $to (i32.const 0x10000))
		(loop $bytes
			(local.set $value
				(i32.load16_u (i32.add (local.get $part) (i32.shl (i32.load8_u (local.get $from)) (i32.const 1))))
			)
			(local.set $from (i32.add (local.get $from) (i32.const 1)))
			(local.set $part (i32.const 0))
			(if (i32.le_u (local.get $value) (i32.const 256))
				(then
					(if (i32.eqz (local.get $value)) (then (return (i32.const 0))))
					(i32.store8 (local.get $to) (i32.sub (local.get $value) (i32.const 1)))
					(local.set $to (i32.add (local.get $to) (i32.const 1)))
				)
				(else (local.set $part (local.get $value)))
			)
			(br_if $bytes (i32.lt_u (local.get $from) (local.get $end)))
		)
		(local.get $to)
	)
)
