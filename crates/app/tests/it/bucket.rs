//! Stored files in a real bucket, where one is given: `e2e/bucket.sh` starts a server that speaks S3 and
//! says where it is.

use app::Error;
use app::ports::{BucketAddress, Files};
use std::io::{Read, Write};

/// The address of a server that speaks S3 and has a bucket `papers`.
const GIVEN: &str = "TELLONCE_TEST_BUCKET";

fn bytes(length: usize) -> Vec<u8> {
    (0..length).map(|at| (at % 253) as u8).collect()
}

#[test]
fn files_in_a_bucket_are_kept_as_files_in_a_folder_are() {
    #[expect(clippy::disallowed_methods, reason = "a script says where its server is")]
    let Ok(endpoint) = std::env::var(GIVEN) else {
        println!("no server that speaks S3 is given: run e2e/bucket.sh");
        return;
    };
    let folder = std::env::temp_dir().join(format!("tellonce-bucket-{}", std::process::id()));
    let address = BucketAddress {
        url: "s3://papers/send".into(),
        endpoint: Some(endpoint),
        region: Some("us-east-1".into()),
        key: Some(("name".into(), "secret".into())),
    };
    let files = Files::in_bucket(folder.clone(), &address).expect("the address is one");

    // Small ones in one go, twice without harm.
    let small = files.put(b"as it was sent").expect("it is stored");
    assert_eq!(files.put(b"as it was sent").expect("again"), small);
    assert_eq!(files.get(&small).expect("it is there"), b"as it was sent");
    assert_eq!(files.stretch(&small, 3, 2).expect("it is there"), b"it");

    // Long ones in parts, out of the folder of what is arriving.
    for length in [8 * 1024 * 1024, 8 * 1024 * 1024 + 1, 20_000_000] {
        let sent = bytes(length);
        let fingerprint = blake3::hash(&sent).to_hex().to_string();
        files.start("arriving").expect("it begins").write_all(&sent).expect("the disk has room");
        files.adopt("arriving", &fingerprint).expect("it is taken in");
        assert!(files.arrived("arriving").is_err(), "nothing is left behind");
        // Said twice, by a job that died before it could say that it was done.
        files.adopt("arriving", &fingerprint).expect("it is there");
        let mut read = Vec::new();
        files.checked(&fingerprint).expect("it is whole").read_to_end(&mut read).expect("it can be read");
        assert!(read == sent, "{length} bytes are the same");
        let at = length as u64 - 5;
        assert_eq!(files.stretch(&fingerprint, at, 5).expect("it is there"), sent[length - 5..]);
    }

    // What is not there is not an empty file, and what was never whole has no name.
    let absent = blake3::hash(b"nobody sent this").to_hex().to_string();
    assert!(matches!(files.get(&absent), Err(Error::File { .. })));
    assert!(files.adopt("never begun", &absent).is_err());
    let _ = std::fs::remove_dir_all(folder);
}
