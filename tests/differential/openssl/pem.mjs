// PEM texts in every layout and with every small damage: what is accepted here, OpenSSL accepts as well.
//
// usage: node tests/differential/openssl/pem.mjs [SEED]      after npm run build
//
// OpenSSL wants each boundary to be a line of its own that begins at once, and takes an empty line for the end of a
// header (RFC 1421); what only concerns that is undone for it.
// It is told whether the text is a key or a certificate, and reads the first block.

import { execFileSync, spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

const root = new URL("../../../", import.meta.url);
const { verifySignature } = await import(new URL("pkg/esm/index.js", root).href);
if (spawnSync("openssl", ["version"]).error) {
	console.error("pem: there is no openssl on this machine, and without it nothing is compared");
	process.exit(2);
}
const folder = mkdtempSync(join(tmpdir(), "countersign-pem-"));
process.on("exit", () => rmSync(folder, { recursive: true, force: true }));
let state = Number(process.argv[2] ?? 1);
const random = (below) => {
	state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
	return Math.floor((state / 2 ** 32) * below);
};
const openssl = (...args) => execFileSync("openssl", args, { cwd: folder, stdio: ["ignore", "pipe", "ignore"] });

/** Texts of every type of key, made by OpenSSL. */
function texts() {
	const types = {
		"EC P-256": ["-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:P-256"],
		"EC P-384": ["-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:P-384"],
		"EC P-521": ["-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:P-521"],
		"EC secp256k1": ["-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:secp256k1"],
		Ed25519: ["-algorithm", "ed25519"],
		RSA: ["-algorithm", "RSA"],
		"RSA-PSS": ["-algorithm", "RSA-PSS"],
		"RSA-PSS SHA-384": ["-algorithm", "RSA-PSS", "-pkeyopt", "rsa_pss_keygen_md:sha384"],
	};
	const made = {};
	for (const [name, args] of Object.entries(types)) {
		if (name.endsWith("384") && name.startsWith("RSA")) args.push("-pkeyopt", "rsa_pss_keygen_mgf1_md:sha384");
		openssl("genpkey", ...args, "-out", "key.pem");
		made[name] = openssl("pkey", "-in", "key.pem", "-pubout").toString();
		made[`${name} in a certificate`] = openssl("req", "-x509", "-new", "-key", "key.pem", "-subj", "/CN=a").toString();
		if (name === "RSA") made["RSA in PKCS #1"] = openssl("rsa", "-in", "key.pem", "-RSAPublicKey_out").toString();
	}
	return made;
}

function layouts(pem) {
	const label = /BEGIN ([^-]*)-/.exec(pem)[1];
	const body = pem.replace(/-----[^-]*-----|\s/g, "");
	const wrap = (lines) => `-----BEGIN ${label}-----\n${lines}\n-----END ${label}-----\n`;
	return {
		"64 columns": pem,
		"one line": wrap(body),
		"76 columns": wrap(body.match(/.{1,76}/g).join("\n")),
		indented: pem.replace(/^/gm, "    "),
		CRLF: pem.replaceAll("\n", "\r\n"),
		"\\n spelled out": pem.replaceAll("\n", "\\n"),
		"text around": `key of July\n${pem}\nand no more\n`,
		"blanks for line ends": pem.replaceAll("\n", " "),
		"a byte order mark": `\ufeff${pem}`,
	};
}

/** The text with one small damage. */
function damaged(text) {
	const at = random(text.length);
	const [before, after] = [text.slice(0, at), text.slice(at)];
	const strange = "A/+-_=\r\n\t :\\\0n0\u{b}";
	const other = strange[random(strange.length)];
	const length = 1 + random(random(2) ? 4 : 70);
	return [
		() => before + after.slice(length),
		() => before + other + after,
		() => before + other + after.slice(1),
		() => before + after.slice(0, length) + after,
		() => before,
		() => text.replace("BEGIN", "BEGIM"),
		() => text.replace(/(END [^-]*)KEY|(END )CERTIFICATE/, "$1$2KEYS"),
		() => text.replace(/-----(?=END|\s*$)/, "----"),
		() => text.replace(/=+(\s*-----END)/, "$1"),
	][random(9)]();
}

/** With the boundaries on lines of their own. */
const forOpenssl = (text) =>
	text
		.replace(/\\[nr]/g, "\n")
		.replace(/\r\n?/g, "\n")
		.replace(/^[ \t]+/gm, "")
		.replace(/^(-----BEGIN [^-\n]*-----)/gm, "$1\n")
		.replace(/(?<!-)(-----END [^-\n]*-----[ \t]*)$/gm, "\n$1")
		.replace(/\n(?:[ \t]*\n)+/g, "\n");

/** Whether one of OpenSSL's commands reads it. */
function theirs(text) {
	const file = join(folder, "text.pem");
	writeFileSync(file, forOpenssl(text), "utf8");
	const commands = [["pkey", "-pubin"], ["x509"], ["rsa", "-RSAPublicKey_in"]];
	return commands.some((command) => spawnSync("openssl", [...command, "-in", file, "-noout"]).status === 0);
}

/** Whether the text is a key here: then it is the token that is refused. */
function ours(text) {
	try {
		verifySignature("eyJhbGciOiJFUzI1NiJ9.e30.AA", text);
	} catch (error) {
		if (/^key_(invalid|private|weak)$/.test(error.code)) return false;
		if (/^(signature_invalid|key_unsuitable)$/.test(error.code)) return true;
		throw error;
	}
	throw new Error("a signature of one byte was accepted");
}

const count = { layouts: 0, damaged: 0, accepted: 0, onlyTheirs: 0 };
const wrong = [];
for (const [type, pem] of Object.entries(texts())) {
	for (const [layout, text] of Object.entries(layouts(pem))) {
		count.layouts++;
		if (!ours(text) || !theirs(text)) wrong.push(`${type}, ${layout}: ours ${ours(text)}, theirs ${theirs(text)}`);
		for (let i = 0; i < 6; i++) {
			const changed = damaged(text);
			const [mine, other] = [ours(changed), theirs(changed)];
			count.damaged++;
			count.accepted += mine;
			count.onlyTheirs += other && !mine;
			if (mine && !other)
				wrong.push(`${type}, ${layout}: accepted here only: ${JSON.stringify(changed).slice(0, 2000)}`);
		}
	}
}
console.log(count);
for (const line of wrong) console.log(line);
process.exit(wrong.length > 0 ? 1 : 0);
