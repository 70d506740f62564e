//! Stored files, by the fingerprint of their bytes: what was sent is kept as it was sent.
//!
//! They lie in a folder, or in a bucket that speaks S3. What is arriving always lies in a folder here,
//! since it is written a piece at a time and may stop at any.

use super::bucket::{Bucket, BucketAddress, PART_BYTES};
use crate::Error;
use std::fs;
use std::io::{Read, Seek, SeekFrom, Write};
use std::path::PathBuf;
use std::sync::Arc;

/// Where files wait that are not whole yet, or not wanted for certain.
const ARRIVING: &str = "arriving";

/// Files named by BLAKE3. Cheap to clone.
#[derive(Clone)]
pub struct Files {
    root: Arc<PathBuf>,
    /// Where whole files are, when it is not the folder.
    bucket: Option<Arc<Bucket>>,
}

impl Files {
    /// A store under `root`, which is made when first written to.
    pub fn in_folder(root: PathBuf) -> Files {
        Files { root: Arc::new(root), bucket: None }
    }

    /// A store in a bucket, with a folder for what is arriving.
    ///
    /// # Errors
    /// In words for whoever runs the installation, when the address cannot be one.
    pub fn in_bucket(root: PathBuf, address: &BucketAddress) -> Result<Files, String> {
        Ok(Files { root: Arc::new(root), bucket: Some(Arc::new(Bucket::open(address)?)) })
    }

    /// Stores bytes and returns their fingerprint. Safe to repeat; on disk before it returns.
    ///
    /// # Errors
    /// [`Error::File`] when the folder cannot be written.
    pub fn put(&self, bytes: &[u8]) -> Result<String, Error> {
        let fingerprint = blake3::hash(bytes).to_hex().to_string();
        if let Some(bucket) = &self.bucket {
            send(bucket, &fingerprint, &mut &*bytes)?;
            return Ok(fingerprint);
        }
        let path = self.path(&fingerprint);
        if path.exists() {
            return Ok(fingerprint);
        }
        let fail = |step| {
            let name = fingerprint.clone();
            move |cause| Error::File { step, name, cause }
        };
        let folder = path.parent().unwrap_or(&self.root);
        fs::create_dir_all(folder).map_err(fail("make the folder of"))?;
        // Written beside and renamed, so that a crash leaves no half file under a good name.
        let half = path.with_extension(format!("half-{}", std::process::id()));
        let mut file = fs::File::create(&half).map_err(fail("create"))?;
        file.write_all(bytes).map_err(fail("write"))?;
        file.sync_all().map_err(fail("sync"))?;
        fs::rename(&half, &path).map_err(fail("name"))?;
        Ok(fingerprint)
    }

    /// The bytes with this fingerprint, checked against it.
    ///
    /// # Errors
    /// [`Error::File`] when there are none, [`Error::Broken`] when they are not what was stored.
    pub fn get(&self, fingerprint: &str) -> Result<Vec<u8>, Error> {
        let mut bytes = Vec::new();
        self.checked(fingerprint)?.read_to_end(&mut bytes).map_err(|cause| Error::File {
            step: "read",
            name: fingerprint.to_owned(),
            cause,
        })?;
        Ok(bytes)
    }

    /// A new empty file in the store's own folder, to be filled and then given to [`Files::adopt`].
    ///
    /// # Errors
    /// [`Error::File`] when the folder cannot be written.
    pub fn start(&self, name: &str) -> Result<fs::File, Error> {
        let fail = |step| move |cause| Error::File { step, name: name.to_owned(), cause };
        fs::create_dir_all(self.root.join(ARRIVING)).map_err(fail("make the folder of"))?;
        fs::File::create(self.arriving(name)).map_err(fail("create"))
    }

    /// The file of [`Files::start`] again, to be written from `offset` on: what was written after it is
    /// not known to be whole, and goes.
    ///
    /// # Errors
    /// [`Error::File`] when it is not there or shorter.
    pub fn go_on(&self, name: &str, offset: u64) -> Result<fs::File, Error> {
        let fail = |step| move |cause| Error::File { step, name: name.to_owned(), cause };
        let mut file = fs::OpenOptions::new().write(true).open(self.arriving(name)).map_err(fail("open"))?;
        if file.metadata().map_err(fail("measure"))?.len() < offset {
            return Err(fail("go on with")(std::io::Error::other("it is shorter than was noted")));
        }
        file.set_len(offset).map_err(fail("shorten"))?;
        file.seek(SeekFrom::Start(offset)).map_err(fail("go on with"))?;
        Ok(file)
    }

    /// The file of [`Files::start`], to be read.
    ///
    /// # Errors
    /// [`Error::File`] when there is none.
    pub fn arrived(&self, name: &str) -> Result<fs::File, Error> {
        fs::File::open(self.arriving(name)).map_err(|cause| Error::File { step: "open", name: name.to_owned(), cause })
    }

    /// Takes the file of [`Files::start`] into the store under the fingerprint of its bytes. Safe to
    /// repeat.
    ///
    /// # Errors
    /// [`Error::File`] when it cannot be moved.
    pub fn adopt(&self, name: &str, fingerprint: &str) -> Result<(), Error> {
        let fail = |step| move |cause| Error::File { step, name: fingerprint.to_owned(), cause };
        if let Some(bucket) = &self.bucket {
            // Taken in already, by a first try that could not say so.
            if let Ok(mut file) = self.arrived(name) {
                send(bucket, fingerprint, &mut file)?;
            } else if !bucket.holds(fingerprint).map_err(fail("look for"))? {
                return Err(fail("find")(std::io::Error::from(std::io::ErrorKind::NotFound)));
            }
            return self.drop_arriving(name);
        }
        let (path, target) = (self.arriving(name), self.path(fingerprint));
        if target.exists() {
            return self.drop_arriving(name);
        }
        fs::create_dir_all(target.parent().unwrap_or(&self.root)).map_err(fail("make the folder of"))?;
        fs::rename(path, &target).map_err(fail("name"))
    }

    /// Deletes the file of [`Files::start`] that is not wanted after all. Safe to repeat.
    ///
    /// # Errors
    /// [`Error::File`] when it cannot be deleted.
    pub fn drop_arriving(&self, name: &str) -> Result<(), Error> {
        match fs::remove_file(self.arriving(name)) {
            Err(cause) if cause.kind() != std::io::ErrorKind::NotFound => {
                Err(Error::File { step: "remove", name: name.to_owned(), cause })
            }
            _ => Ok(()),
        }
    }

    fn arriving(&self, name: &str) -> PathBuf {
        self.root.join(ARRIVING).join(name)
    }

    /// Opens a stored file for reading a part at a time. Unlike [`Files::get`] it does not compare
    /// the bytes with the fingerprint: that would mean reading a large file twice. Out of a bucket it is
    /// brought here first, into a file without a name that is gone when it is closed, and compared then.
    ///
    /// # Errors
    /// [`Error::File`] when there is none.
    pub fn open(&self, fingerprint: &str) -> Result<fs::File, Error> {
        if let Some(bucket) = &self.bucket {
            return self.bring(bucket, fingerprint);
        }
        fs::File::open(self.path(fingerprint)).map_err(|cause| Error::File {
            step: "open",
            name: fingerprint.to_owned(),
            cause,
        })
    }

    /// The same, compared with its fingerprint first: read through once, never held in memory.
    ///
    /// # Errors
    /// [`Error::File`] when there is none, [`Error::Broken`] when it is not what was stored.
    pub fn checked(&self, fingerprint: &str) -> Result<fs::File, Error> {
        let fail = |step| move |cause| Error::File { step, name: fingerprint.to_owned(), cause };
        let mut file = self.open(fingerprint)?;
        if self.bucket.is_some() {
            return Ok(file);
        }
        let mut hasher = blake3::Hasher::new();
        std::io::copy(&mut file, &mut hasher).map_err(fail("read"))?;
        compare(&hasher, fingerprint)?;
        file.seek(SeekFrom::Start(0)).map_err(fail("read"))?;
        Ok(file)
    }

    /// A stretch of a stored file, from `first` on: what a player asks for. Its bytes are not compared.
    ///
    /// # Errors
    /// [`Error::File`] when there is none.
    pub fn stretch(&self, fingerprint: &str, first: u64, count: u64) -> Result<Vec<u8>, Error> {
        let fail = |cause| Error::File { step: "read", name: fingerprint.to_owned(), cause };
        if let Some(bucket) = &self.bucket {
            return bucket.range(fingerprint, first, count).map_err(fail);
        }
        let mut file = self.open(fingerprint)?;
        let mut bytes = Vec::new();
        file.seek(SeekFrom::Start(first)).map_err(fail)?;
        file.take(count).read_to_end(&mut bytes).map_err(fail)?;
        Ok(bytes)
    }

    /// A file of a bucket in a file of ours that has no name.
    fn bring(&self, bucket: &Bucket, fingerprint: &str) -> Result<fs::File, Error> {
        let fail = |step| move |cause| Error::File { step, name: fingerprint.to_owned(), cause };
        let folder = self.root.join(ARRIVING);
        fs::create_dir_all(&folder).map_err(fail("make the folder of"))?;
        let name = crate::ports::random_bytes::<8>().iter().map(|byte| format!("{byte:02x}")).collect::<String>();
        let path = folder.join(format!("reading-{name}"));
        let mut file =
            fs::OpenOptions::new().read(true).write(true).create_new(true).open(&path).map_err(fail("create"))?;
        fs::remove_file(&path).map_err(fail("unname"))?;
        let (length, mut at) = (bucket.length(fingerprint).map_err(fail("find"))?, 0);
        let mut hasher = blake3::Hasher::new();
        while at < length {
            let count = (length - at).min(PART_BYTES as u64);
            let bytes = bucket.range(fingerprint, at, count).map_err(fail("read"))?;
            if bytes.is_empty() {
                break;
            }
            hasher.update(&bytes);
            file.write_all(&bytes).map_err(fail("write"))?;
            at += bytes.len() as u64;
        }
        compare(&hasher, fingerprint)?;
        file.seek(SeekFrom::Start(0)).map_err(fail("read"))?;
        Ok(file)
    }

    fn path(&self, fingerprint: &str) -> PathBuf {
        // Two letters a folder keep folders small; only fingerprints made here reach this.
        let fan = fingerprint.get(..2).unwrap_or("00");
        self.root.join(fan).join(fingerprint)
    }
}

/// Puts a file into a bucket, unless it is there.
fn send(bucket: &Bucket, fingerprint: &str, file: &mut dyn Read) -> Result<(), Error> {
    let fail = |step| move |cause| Error::File { step, name: fingerprint.to_owned(), cause };
    if bucket.holds(fingerprint).map_err(fail("look for"))? {
        return Ok(());
    }
    bucket.put(fingerprint, file).map_err(fail("store"))
}

/// That what was read has the fingerprint by which it was asked for.
fn compare(hasher: &blake3::Hasher, fingerprint: &str) -> Result<(), Error> {
    if hasher.finalize().to_hex().as_str() == fingerprint {
        return Ok(());
    }
    let cause = format!("`{fingerprint}` holds other bytes than were stored");
    Err(Error::Broken { step: "read a stored file", cause })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn folder() -> (Files, PathBuf) {
        let name: String = crate::ports::random_bytes::<6>().iter().map(|byte| format!("{byte:02x}")).collect();
        let root = std::env::temp_dir().join(format!("tellonce-files-{name}"));
        (Files::in_folder(root.clone()), root)
    }

    #[test]
    fn a_file_that_was_changed_on_the_disk_is_not_given_out() {
        let (files, root) = folder();
        let fingerprint = files.put(b"as it was sent").expect("it is stored");
        assert_eq!(files.get(&fingerprint).expect("it is there"), b"as it was sent");
        assert_eq!(files.stretch(&fingerprint, 3, 2).expect("it is there"), b"it");
        fs::write(files.path(&fingerprint), b"as it was changed").expect("the disk has room");
        for read in [files.get(&fingerprint).map(|_| ()), files.checked(&fingerprint).map(|_| ())] {
            assert!(matches!(read, Err(Error::Broken { .. })), "{read:?}");
        }
        let _ = fs::remove_dir_all(root);
    }

    #[test]
    fn what_is_arriving_goes_on_where_it_was_noted() {
        let (files, root) = folder();
        files.start("one").expect("it begins").write_all(b"first, and more that nobody noted").expect("room");
        files.go_on("one", 5).expect("it is there").write_all(b", then").expect("room");
        let mut text = String::new();
        files.arrived("one").expect("it is there").read_to_string(&mut text).expect("text");
        assert_eq!(text, "first, then");
        assert!(files.go_on("one", 100).is_err(), "it is shorter than that");
        assert!(files.go_on("two", 0).is_err());
        let _ = fs::remove_dir_all(root);
    }
}
