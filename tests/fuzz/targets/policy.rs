//! Every rule of the policy against the oracle: a scene made from fuzz data, signed here, gets the
//! code that the RFCs give it.
#![no_main]

use countersign::Verifier;
use countersign_fuzz::invariants::check_error;
use countersign_fuzz::keys::KEYS;
use countersign_fuzz::oracle;
use countersign_fuzz::scene::Scene;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|scene: Scene| {
    let verifier = Verifier::new(scene.policy.clone(), KEYS.set.clone());
    let verdict = verifier.verify(&scene.token, scene.clock);
    let code = verdict.as_ref().err().map(|error| error.code().as_str());
    assert_eq!(code, oracle::code(&scene), "{verdict:?}\n{scene:#?}");
    if let Err(error) = verdict {
        check_error(&error);
        // Never the token itself.
        let (text, mut segments) = (error.to_string(), scene.token.split('.'));
        assert!(segments.all(|segment| segment.len() < 16 || !text.contains(segment)), "{text}");
    }
});
